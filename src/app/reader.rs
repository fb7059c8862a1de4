//! The short way to the database, for what is read on every request.

use std::cell::RefCell;
use std::time::Duration;

use diesel::result::Error as DbError;

use super::App;
use crate::db::{self, Conn};

/// One thread's own door to the database, for the question that every request asks and other short reads.
///
/// On SQLite they run where they are asked for, over a connection of the thread's own: handing one to another
/// thread costs more than the read. On Postgres they wait for the network, and so go through [`App::db`].
pub struct Reader {
    app: App,
    threads: usize,
    own: RefCell<Option<Conn>>,
}

impl Reader {
    /// A reader for one of so many threads. It opens its connection when first asked.
    pub fn new(app: App, threads: usize) -> Self {
        Self {
            app,
            threads,
            own: RefCell::new(None),
        }
    }

    /// Runs `f`, which only reads. After any error the next read has a new connection.
    ///
    /// # Errors
    ///
    /// As [`App::db`].
    pub async fn read<T, E>(
        &self,
        f: impl FnOnce(&App, &mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.read_within(db::POOL_WAIT, f).await
    }

    /// The same for a caller who can do without the answer, and does after so long.
    ///
    /// # Errors
    ///
    /// As [`App::db`].
    pub async fn read_within<T, E>(
        &self,
        wait: Duration,
        f: impl FnOnce(&App, &mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let kept = self.own.take();
        let Some(conn) = kept
            .map(Ok)
            .or_else(|| db::reader(&self.app.config.database, self.threads))
        else {
            return self.app.db_within(wait, f).await;
        };
        let mut conn = conn.map_err(db::unreachable)?;
        let answer = f(&self.app, &mut conn)?;
        self.own.replace(Some(conn));
        Ok(answer)
    }
}
