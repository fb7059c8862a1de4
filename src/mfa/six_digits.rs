//! Codes of six digits, as apps show and mails carry them, and what people type around them.

use std::fmt;

/// A six-digit code, cleaned of what people type around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code([u8; 6]);

impl Code {
    /// Reads a code as typed: white space, dashes and dots are dropped, full-width digits become ASCII.
    /// `None` unless exactly six digits are left.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut digits = [0; 6];
        let mut rest = digits.iter_mut();
        for c in typed.chars().filter(|c| !is_filler(*c)) {
            *rest.next()? = match c {
                '0'..='9' => u8::try_from(c).ok()?,
                // FULLWIDTH DIGIT ZERO to NINE
                '\u{ff10}'..='\u{ff19}' => u8::try_from(u32::from(c) - 0xff10).ok()? + b'0',
                _ => return None,
            };
        }
        rest.next().is_none().then_some(Self(digits))
    }

    /// The code of a number below a million, with zeros in front.
    pub(super) fn from_number(number: u32) -> Self {
        let mut digits = [b'0'; 6];
        let text = format!("{number:06}");
        for (digit, c) in digits.iter_mut().zip(text.bytes()) {
            *digit = c;
        }
        Self(digits)
    }

    /// The six ASCII digits.
    pub(super) const fn as_bytes(&self) -> &[u8; 6] {
        &self.0
    }

    /// The code as it is mailed.
    pub fn digits(&self) -> String {
        self.0.iter().map(|digit| char::from(*digit)).collect()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(redacted)")
    }
}

/// What people and keyboards put between the characters of a code.
pub(super) fn is_filler(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '.' | '\u{200b}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_around_a_code_is_forgiven() {
        let code = Code::parse("123456");
        for typed in [
            "123 456",
            " 123-456 ",
            "１２３４５６",
            "1.2.3.4.5.6",
            "123\u{a0}456",
        ] {
            assert!(Code::parse(typed) == code, "{typed}");
        }
        for typed in ["", "12345", "1234567", "12345a", "-", "٠١٢٣٤٥", "0x1234"] {
            assert!(Code::parse(typed).is_none(), "{typed}");
        }
        assert!(Code::parse("000000").is_some());
    }

    #[test]
    fn a_small_number_keeps_its_zeros() {
        assert_eq!(Code::from_number(42).digits(), "000042");
        assert_eq!(Code::from_number(999_999).digits(), "999999");
    }
}
