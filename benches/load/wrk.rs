//! Running wrk and reading what it says.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::CONNECTIONS;

/// Requests of one kind, again and again.
pub struct Load {
    url: String,
    headers: Vec<String>,
    script: Option<PathBuf>,
}

/// What came of one run.
pub struct Measured {
    /// Requests per second.
    pub rate: f64,
    /// In seconds.
    pub p50: f64,
    /// In seconds.
    pub p99: f64,
}

impl Load {
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            headers: Vec::new(),
            script: None,
        }
    }

    pub fn header(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    pub fn script(mut self, script: &Path) -> Self {
        self.script = Some(script.to_owned());
        self
    }

    pub async fn run(&self, seconds: usize) -> Measured {
        let mut command = Command::new("wrk");
        command.args(["-t1", "--latency"]);
        command.args([format!("-c{CONNECTIONS}"), format!("-d{seconds}s")]);
        for header in &self.headers {
            command.args(["-H", header]);
        }
        if let Some(script) = &self.script {
            command.arg("-s").arg(script);
        }
        command.arg(&self.url);
        let output = tokio::task::spawn_blocking(move || command.output())
            .await
            .unwrap()
            .expect("wrk runs");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            !text.contains("Non-2xx") && !text.contains("Socket errors"),
            "{text}"
        );
        let after = |label: &str| {
            text.lines()
                .find_map(|line| line.trim().strip_prefix(label))
                .unwrap_or_else(|| panic!("{label} is missing: {text}"))
                .trim()
        };
        Measured {
            rate: after("Requests/sec:").parse().unwrap(),
            p50: seconds_of(after("50%")),
            p99: seconds_of(after("99%")),
        }
    }
}

/// "1.23ms" in seconds.
fn seconds_of(text: &str) -> f64 {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number: f64 = text.trim_end_matches(unit).parse().unwrap();
    number
        * match unit {
            "us" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            _ => panic!("{text}"),
        }
}

/// A script that presents these tokens in turn.
pub fn in_turn(folder: &Path, tokens: &[String]) -> PathBuf {
    let mut script = String::from("local tokens = {\n");
    for token in tokens {
        writeln!(script, "\"{token}\",").unwrap();
    }
    script.push_str(
        "}\nlocal requests, n = {}, 0\n\
         init = function(args)\n\
           for i, token in ipairs(tokens) do\n\
             requests[i] = wrk.format(\"GET\", nil, { [\"Authorization\"] = \"Bearer \" .. token })\n\
           end\n\
         end\n\
         request = function()\n\
           n = n % #requests + 1\n\
           return requests[n]\n\
         end\n",
    );
    written(folder.join("in_turn.lua"), &script)
}

/// A script that waits 20 ms between an answer and the next request.
pub fn at_a_pace(folder: &Path) -> PathBuf {
    written(
        folder.join("at_a_pace.lua"),
        "delay = function() return 20 end\n",
    )
}

fn written(path: PathBuf, script: &str) -> PathBuf {
    std::fs::write(&path, script).unwrap();
    path
}
