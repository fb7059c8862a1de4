//! What tests read from and write to the database directly. Names begin with `db_`.

use countersign::db::activity::Activity;
use countersign::db::schema::{activity, factors, organizations, users};
use countersign::db::trusted_browsers::{self, TrustedBrowser};
use countersign::db::{
    self, Conn, activity as activity_table, new_id, organizations as organization_table,
};
use countersign::mfa::Method;
use diesel::prelude::*;

use super::TestApp;

impl TestApp {
    /// Runs `f` over a connection.
    pub fn db<T>(&self, f: impl FnOnce(&mut Conn) -> T) -> T {
        f(&mut db::connection(&self.app.pool).unwrap())
    }

    /// Gives an account a method that is proved and switched on.
    pub fn db_add_factor(&self, user_id: &str, method: Method) {
        let now = self.app.clock.now();
        self.db(|conn| {
            let factor = db::factors::Factor {
                id: new_id(),
                user_id: user_id.to_owned(),
                method: method.column().to_owned(),
                verified_at: Some(now),
                enabled: true,
                suspended_at: None,
                last_used_at: None,
            };
            db::factors::insert(conn, &factor, now).unwrap();
        });
    }

    /// Changes an account's row: `f` is given the row and stores it whole.
    pub fn db_change_user(&self, user_id: &str, f: impl FnOnce(&mut db::users::User)) {
        self.db(|conn| {
            let mut user = db::users::find(conn, user_id).unwrap().unwrap();
            f(&mut user);
            diesel::update(users::table.find(user_id))
                .set((
                    users::mfa_required.eq(user.mfa_required),
                    users::primary_method.eq(user.primary_method),
                    users::deactivated_at.eq(user.deactivated_at),
                    users::joined_at.eq(user.joined_at),
                    users::epoch.eq(user.epoch),
                ))
                .execute(conn)
                .unwrap();
        });
    }

    /// Changes what an organization asks of its members.
    pub fn db_require_mfa(
        &self,
        organization_id: &str,
        from: Option<chrono::NaiveDateTime>,
        allowed: &[Method],
    ) {
        self.db(|conn| {
            diesel::update(organizations::table.find(organization_id))
                .set((
                    organizations::mfa_requirement.eq("required"),
                    organizations::mfa_enforce_from.eq(from),
                    organizations::allow_totp.eq(allowed.contains(&Method::Totp)),
                    organizations::allow_passkey.eq(allowed.contains(&Method::Passkey)),
                    organizations::allow_magic_link.eq(allowed.contains(&Method::MagicLink)),
                ))
                .execute(conn)
                .unwrap();
        });
    }

    /// Lets members of an organization have a browser trusted for so many days.
    pub fn db_trust_days(&self, organization_id: &str, days: i32) {
        self.db(|conn| {
            let now = self.app.clock.now();
            organization_table::update_trust_days(conn, organization_id, days, now).unwrap();
        });
    }

    /// The browsers that are trusted by an account, the latest first.
    pub fn db_trusted(&self, user_id: &str) -> Vec<TrustedBrowser> {
        self.db(|conn| trusted_browsers::list_by_user(conn, user_id).unwrap())
    }

    /// Has one more browser trusted by an account, for thirty days from now.
    pub fn db_trust(&self, user_id: &str) {
        let now = self.app.clock.now();
        let id = new_id();
        let browser = TrustedBrowser {
            secret_hash: countersign::crypto::token::hash(&id),
            user_id: user_id.to_owned(),
            user_agent:
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
                    .to_owned(),
            proved_at: now,
            expires_at: now + chrono::TimeDelta::days(30),
            last_used_at: None,
            id,
        };
        self.db(|conn| trusted_browsers::insert(conn, &browser).unwrap());
    }

    /// Switches a requirement off.
    pub fn db_lift_requirement(&self, organization_id: &str) {
        self.db(|conn| {
            diesel::update(organizations::table.find(organization_id))
                .set(organizations::mfa_requirement.eq("off"))
                .execute(conn)
                .unwrap();
        });
    }

    /// Changes the state of one method of an account.
    pub fn db_change_factor(
        &self,
        user_id: &str,
        method: Method,
        enabled: bool,
        is_suspended: bool,
    ) {
        let suspended_at = is_suspended.then(|| self.app.clock.now());
        self.db(|conn| {
            diesel::update(
                factors::table
                    .filter(factors::user_id.eq(user_id))
                    .filter(factors::method.eq(method.column())),
            )
            .set((
                factors::enabled.eq(enabled),
                factors::suspended_at.eq(suspended_at),
            ))
            .execute(conn)
            .unwrap();
        });
    }

    /// Marks a session as having proved a second factor, as a method still to come would.
    pub fn db_prove_factor(&self, session_id: &str, method: Method) {
        use countersign::db::schema::sessions;
        let now = self.app.clock.now();
        self.db(|conn| {
            diesel::update(sessions::table.find(session_id))
                .set((
                    sessions::pending.eq(false),
                    sessions::factor_at.eq(now),
                    sessions::factor.eq(method.column()),
                    sessions::expires_at.eq(now + chrono::TimeDelta::hours(24)),
                ))
                .execute(conn)
                .unwrap();
        });
    }

    /// The ids of an account's sessions that have not ended, newest first.
    pub fn db_session_ids(&self, user_id: &str) -> Vec<String> {
        use countersign::db::schema::sessions;
        self.db(|conn| {
            sessions::table
                .filter(sessions::user_id.eq(user_id))
                .filter(sessions::ended_at.is_null())
                .order((sessions::created_at.desc(), sessions::id.desc()))
                .select(sessions::id)
                .load(conn)
                .unwrap()
        })
    }

    /// Everything in the record about an account, oldest first.
    pub fn db_activity(&self, user_id: &str) -> Vec<Activity> {
        self.db(|conn| {
            activity::table
                .filter(activity::user_id.eq(user_id))
                .order(activity::seq)
                .select(Activity::as_select())
                .load(conn)
                .unwrap()
        })
    }

    /// What the record says of an event of an account: each time, why.
    pub fn db_reasons(&self, user_id: &str, event: &str) -> Vec<String> {
        self.db_activity(user_id)
            .into_iter()
            .filter(|row| row.event == event)
            .map(|row| row.reason.unwrap_or_default())
            .collect()
    }

    /// The passkeys of an account as they are stored, oldest first.
    pub fn db_passkeys(&self, user_id: &str) -> Vec<db::passkeys::Passkey> {
        self.db(|conn| db::passkeys::list_by_user(conn, user_id).unwrap())
    }

    /// Everything in the record.
    pub fn db_all_activity(&self) -> Vec<Activity> {
        self.db(|conn| activity_table::list_after(conn, 0, 10_000).unwrap())
    }
}

impl TestApp {
    /// Takes the sessions table away, as a database that fails in the middle of its work would.
    pub fn db_hide_sessions(&self) {
        self.db_execute("ALTER TABLE sessions RENAME TO sessions_hidden");
    }

    /// Brings it back.
    pub fn db_show_sessions(&self) {
        self.db_execute("ALTER TABLE sessions_hidden RENAME TO sessions");
    }

    /// Runs a statement.
    pub fn db_execute(&self, sql: &str) {
        use diesel::connection::SimpleConnection;
        self.db(|conn| conn.batch_execute(sql).unwrap());
    }
}

impl TestApp {
    /// Issues a link for choosing a password, as the command line would, and answers its path.
    pub fn db_password_link(&self, user_id: &str) -> String {
        use countersign::accounts::links::{self, Purpose};
        use countersign::activity::{Door, Origin};
        let (now, origin) = (self.app.clock.now(), Origin::local(Door::Cli));
        let link = self.db(|conn| {
            db::write(conn, |conn| {
                let user = db::users::find(conn, user_id).unwrap().unwrap();
                let purpose = Purpose::ChoosePassword;
                links::issue(conn, &self.app.keys, &origin, purpose, Some(&user), now)
            })
        });
        link.unwrap().url("")
    }

    /// Issues the first owner's link, as the start of the server would, and answers its path.
    pub fn db_first_owner_link(&self) -> String {
        use countersign::activity::{Door, Origin};
        use countersign::organizations::founding::first_owner_link;
        let (now, origin) = (self.app.clock.now(), Origin::local(Door::Server));
        let link = self.db(|conn| first_owner_link(conn, &self.app.keys, &origin, now));
        link.unwrap().url("")
    }

    /// How many rows a table has.
    pub fn db_count(&self, table: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            rows: i64,
        }
        let query = diesel::sql_query(format!("SELECT count(*) AS rows FROM {table}"));
        let count: Count = self.db(|conn| query.get_result(conn).unwrap());
        count.rows
    }

    /// Everything that the database holds, as bytes to be searched: the file and its log, or every row of
    /// every table as text.
    pub fn db_dump(&self) -> Vec<u8> {
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = diesel::sql_types::Text)]
            line: String,
        }
        let folder = &self.app.config.data_dir;
        self.db(|conn| match conn {
            Conn::Sqlite(_) => ["countersign.db", "countersign.db-wal"]
                .iter()
                .flat_map(|name| std::fs::read(folder.join(name)).unwrap())
                .collect(),
            Conn::Postgres(pg) => {
                let tables = "SELECT table_name::text AS line FROM information_schema.tables \
                              WHERE table_schema = current_schema()";
                let tables: Vec<Line> = diesel::sql_query(tables).load(pg).unwrap();
                assert!(!tables.is_empty());
                tables
                    .iter()
                    .flat_map(|Line { line }| {
                        let rows = format!("SELECT t::text AS line FROM {line} t");
                        let rows: Vec<Line> = diesel::sql_query(rows).load(pg).unwrap();
                        rows.into_iter().flat_map(|row| row.line.into_bytes())
                    })
                    .collect()
            }
        })
    }
}

impl TestApp {
    /// Exchanges the sealed secrets of two accounts' authenticator apps.
    pub fn db_swap_totp_secrets(&self, one: &str, other: &str) {
        use countersign::db::schema::totp_secrets;
        use countersign::db::totp_secrets::find_by_user;
        self.db(|conn| {
            let first = find_by_user(conn, one).unwrap().unwrap();
            let second = find_by_user(conn, other).unwrap().unwrap();
            for (row, secret) in [(&first, &second.secret), (&second, &first.secret)] {
                diesel::update(totp_secrets::table.find(&row.factor_id))
                    .set(totp_secrets::secret.eq(secret))
                    .execute(conn)
                    .unwrap();
            }
        });
    }
}
