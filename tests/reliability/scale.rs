//! How large a test is, and how a figure is told.

use std::time::Duration;

/// Whether this is `make soak`, which has minutes, and the machine to itself.
pub fn is_soak() -> bool {
    std::env::var("COUNTERSIGN_SOAK").is_ok_and(|value| value == "1")
}

/// One of two sizes of a test.
pub fn scaled<T>(ordinary: T, soak: T) -> T {
    if is_soak() { soak } else { ordinary }
}

/// Tells a figure, `R13  status p99 31 ms (goal 50)  holds`, and answers whether it holds, as it has to in `make soak`.
/// Beside other tests on a busy machine it is only told.
#[track_caller]
pub fn at_most(id: &str, what: &str, figure: f64, unit: &str, goal: f64) {
    told(id, what, figure, unit, goal, figure <= goal);
}

/// The same for a figure that has to be as large.
#[track_caller]
pub fn at_least(id: &str, what: &str, figure: f64, unit: &str, goal: f64) {
    told(id, what, figure, unit, goal, figure >= goal);
}

#[track_caller]
fn told(id: &str, what: &str, figure: f64, unit: &str, goal: f64, holds: bool) {
    let digits = usize::from(figure.abs() < 10.0 && figure.fract() != 0.0);
    let verdict = if holds { "holds" } else { "MISSED" };
    println!("{id}  {what} {figure:.digits$} {unit} (goal {goal:.0})  {verdict}");
    assert!(
        holds || !is_soak(),
        "{id}: {what} is {figure} {unit}, goal {goal}"
    );
}

/// Says that a test was not made, and why.
pub fn skipped(id: &str, reason: &str) {
    println!("{id}  skipped: {reason}");
}

/// In milliseconds.
pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// The value that so many per cent of all do not exceed.
pub fn percentile(durations: &mut [Duration], percent: usize) -> Duration {
    durations.sort_unstable();
    let at = (durations.len() * percent).div_ceil(100).max(1) - 1;
    durations[at]
}

/// A number below `end`, by chance.
pub fn chance(end: u64) -> u64 {
    let bytes = countersign::crypto::random_bytes::<8>().unwrap();
    u64::from_le_bytes(bytes) % end
}
