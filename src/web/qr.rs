//! QR codes: as modules, which pages draw, and as a PNG for programs.

use data_encoding::BASE64;
use qrcode::{Color, QrCode};

use super::error::Failure;

/// Modules of white around a code, which scanners need.
const QUIET: usize = 4;

/// Pixels a module in the PNG.
const SCALE: usize = 8;

/// A code as modules: dark or light.
pub(super) struct Qr {
    size: usize,
    modules: Vec<Color>,
}

impl Qr {
    /// The code for a text.
    pub(super) fn new(text: &str) -> Result<Self, Failure> {
        let code = QrCode::new(text).map_err(|_| Failure::Internal("a QR code".into()))?;
        Ok(Self {
            size: code.width(),
            modules: code.into_colors(),
        })
    }

    /// Modules along one side, without the quiet zone.
    pub(super) const fn width(&self) -> usize {
        self.size
    }

    /// Whether a module is dark.
    pub(super) fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.size && self.modules.get(y * self.size + x) == Some(&Color::Dark)
    }

    /// The code as a `data:` URI of a PNG.
    pub(super) fn data_uri(&self) -> Result<String, Failure> {
        let failed = |_| Failure::Internal("a QR code could not be drawn".into());
        let side = (self.size + 2 * QUIET) * SCALE;
        let pixels: Vec<u8> = (0..side * side)
            .map(|at| self.pixel(at % side / SCALE, at / side / SCALE))
            .collect();
        let width = u32::try_from(side).unwrap_or(u32::MAX);
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, width, width);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&pixels).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(format!("data:image/png;base64,{}", BASE64.encode(&png)))
    }

    /// Black or white, for a module counted with the quiet zone.
    fn pixel(&self, x: usize, y: usize) -> u8 {
        match (x.checked_sub(QUIET), y.checked_sub(QUIET)) {
            (Some(x), Some(y)) if self.is_dark(x, y) => 0,
            _ => 255,
        }
    }
}
