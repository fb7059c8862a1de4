//! What a monitoring system may ask: how many requests and events there were, how long requests took, what the process
//! uses. Off, and then at no cost, until [`start`] is called. No label holds anything that a client chose.

use std::fs;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

static METRICS: OnceLock<Metrics> = OnceLock::new();

/// The upper bounds that durations are counted under, in seconds: from the status to a password's hash.
const SECONDS: [f64; 10] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0,
];

type Number = Gauge<f64, AtomicU64>;

struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    durations: Family<Route, Histogram>,
    events: Family<Recorded, Counter>,
    mails: Number,
    memory: Number,
    files: Number,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Recorded {
    event: &'static str,
}

/// Counts from now on, for the whole process.
pub fn start() {
    METRICS.get_or_init(|| {
        let mut registry = Registry::with_prefix("countersign");
        let (requests, events) = (Family::default(), Family::default());
        let durations: Family<Route, Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let [mails, memory, files] = [(); 3].map(|()| Number::default());
        let r = &mut registry;
        r.register(
            "http_requests",
            "Requests answered",
            Family::clone(&requests),
        );
        r.register(
            "http_request_duration_seconds",
            "How long it took",
            durations.clone(),
        );
        r.register("events", "Entries of the record", Family::clone(&events));
        r.register(
            "mails_waiting",
            "Mails that no server took yet",
            mails.clone(),
        );
        r.register("resident_memory_bytes", "Memory in use", memory.clone());
        r.register("open_files", "Open files and connections", files.clone());
        Metrics {
            registry,
            requests,
            durations,
            events,
            mails,
            memory,
            files,
        }
    });
}

/// Counts a request. `route` is the pattern that answered it.
pub fn count_request(method: &str, route: &str, status: u16, took: Duration) {
    let Some(metrics) = METRICS.get() else { return };
    let request = Request {
        method: method_word(method),
        route: route.to_owned(),
        status,
    };
    metrics.requests.get_or_create(&request).inc();
    let Request { route, .. } = request;
    metrics
        .durations
        .get_or_create(&Route { route })
        .observe(took.as_secs_f64());
}

/// Counts an entry of the record.
pub fn count_event(event: &'static str) {
    if let Some(metrics) = METRICS.get() {
        metrics.events.get_or_create(&Recorded { event }).inc();
    }
}

/// Everything, in the text format of Prometheus; `None` before [`start`]. `mails` is how many wait, if that is known.
pub fn text(mails: Option<i64>) -> Option<String> {
    let metrics = METRICS.get()?;
    metrics
        .mails
        .set(mails.map_or(f64::NAN, |mails| mails as f64));
    metrics.memory.set(resident_memory().unwrap_or(f64::NAN));
    metrics.files.set(open_files().unwrap_or(f64::NAN));
    let mut text = String::new();
    encode(&mut text, &metrics.registry).ok()?;
    Some(text)
}

/// A client may send any word as a method.
fn method_word(method: &str) -> &'static str {
    match method {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

/// In bytes, where Linux says so.
fn resident_memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1_024.0)
}

fn open_files() -> Option<f64> {
    Some(fs::read_dir("/proc/self/fd").ok()?.count() as f64)
}
