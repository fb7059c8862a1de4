//! Threads for work that blocks: the database's and argon2's.
//!
//! One set for the whole process. Each worker of the web server would bring a set of its own, and every thread keeps memory
//! that it once needed.

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

/// A number of threads that come when there is work, and leave ten seconds after the last of it.
#[derive(Debug)]
pub struct Threads {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Threads {
    /// At most `most` threads, which the operating system shows as `name`; at first none.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn new(name: &str, most: usize) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .thread_name(name)
            .max_blocking_threads(most)
            .build()?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    /// Runs `work` on one of them, as soon as one is free. It is done to its end, whether or not anybody waits for it.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        self.handle.spawn_blocking(work)
    }
}

/// Does not wait for work that goes on, since the last of an app may be let go where nothing may wait.
impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
