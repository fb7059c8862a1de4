//! What the time of an answer tells.

use std::time::Duration;

/// How probable it is that one of `some` took longer than one of `others`: 0.5 when they are alike.
pub fn probability_of_longer(some: &[Duration], others: &[Duration]) -> f64 {
    let longer = some.iter().flat_map(|one| {
        others.iter().map(move |other| match one.cmp(other) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
    });
    #[allow(clippy::cast_precision_loss)]
    let pairs = (some.len() * others.len()) as f64;
    longer.sum::<f64>() / pairs
}
