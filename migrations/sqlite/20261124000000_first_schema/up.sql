-- The first schema: organizations, accounts, factors, sessions and their tokens, one-time links,
-- the activity record, and what start-up checks the keys against.
--
-- Ids are UUIDv7 as text, made by the program. Times are UTC, passed in by the program, to the microsecond.

CREATE TABLE organizations (
    id                TEXT NOT NULL PRIMARY KEY,
    name              TEXT NOT NULL,
    -- What the organization asks of its members: nothing, a recommendation, or a second factor.
    mfa_requirement   TEXT NOT NULL DEFAULT 'off' CHECK (mfa_requirement IN ('off', 'recommended', 'required')),
    -- From when a requirement is in force; later than now means announced. Set whenever it is 'required'.
    mfa_enforce_from  TIMESTAMP,
    -- How many days longer a new member has, counted from the day of joining.
    mfa_extra_days    INTEGER NOT NULL DEFAULT 0,
    -- Which methods count for the requirement and may be used at all by members.
    allow_totp        BOOLEAN NOT NULL DEFAULT TRUE,
    allow_passkey     BOOLEAN NOT NULL DEFAULT TRUE,
    allow_magic_link  BOOLEAN NOT NULL DEFAULT TRUE,
    created_at        TIMESTAMP NOT NULL,
    updated_at        TIMESTAMP NOT NULL
);

CREATE TABLE users (
    id                  TEXT NOT NULL PRIMARY KEY,
    -- Normalised (trimmed, lower case), so that uniqueness is the index's business.
    email               TEXT NOT NULL UNIQUE,
    first_name          TEXT NOT NULL,
    last_name           TEXT NOT NULL,
    -- An account belongs to one organization or to none.
    organization_id     TEXT REFERENCES organizations (id),
    -- USER 0, BILLING 1, WORKSPACES 2, ADMINISTRATORS 254, OWNER 255.
    role                INTEGER NOT NULL DEFAULT 0,
    joined_at           TIMESTAMP,
    -- argon2id and the pepper; NULL until the person has chosen a password.
    password_hash       TEXT,
    password_changed_at TIMESTAMP,
    -- A second factor is demanded of this one person, whatever the organization says.
    mfa_required        BOOLEAN NOT NULL DEFAULT FALSE,
    -- The method asked for first; NULL means the strongest usable one.
    primary_method      TEXT CHECK (primary_method IN ('totp', 'passkey', 'magic_link')),
    -- When an administrator last reset this account's MFA; cleared once a method is set up again.
    mfa_reset_at        TIMESTAMP,
    -- Sessions of an older epoch are dead. Raised by every change that must end them.
    epoch               INTEGER NOT NULL DEFAULT 0,
    deactivated_at      TIMESTAMP,
    last_sign_in_at     TIMESTAMP,
    created_at          TIMESTAMP NOT NULL,
    updated_at          TIMESTAMP NOT NULL
);
CREATE INDEX users_organization ON users (organization_id);

-- One row a method that an account has ever started to set up. What a method needs of its own
-- (secrets, credentials, addresses) stands in tables of its own.
CREATE TABLE factors (
    id            TEXT NOT NULL PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    method        TEXT NOT NULL CHECK (method IN ('totp', 'passkey', 'magic_link')),
    -- NULL until the holder has proved possession; such a row counts for nothing.
    verified_at   TIMESTAMP,
    -- The holder's own switch. Off keeps what was configured.
    enabled       BOOLEAN NOT NULL DEFAULT FALSE,
    -- Set by the server after too many wrong answers: cannot be used, but is still owed.
    suspended_at  TIMESTAMP,
    last_used_at  TIMESTAMP,
    created_at    TIMESTAMP NOT NULL,
    UNIQUE (user_id, method)
);

-- One row a sign-in: the authority for every token and cookie that hangs on it.
CREATE TABLE sessions (
    id            TEXT NOT NULL PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL CHECK (kind IN ('browser', 'api')),
    epoch         INTEGER NOT NULL,
    -- A second factor is still owed to finish the sign-in. Passing it is one UPDATE on this column.
    pending       BOOLEAN NOT NULL,
    -- When, in this session, the password and a second factor were last proved, and which factor.
    password_at   TIMESTAMP,
    factor_at     TIMESTAMP,
    factor        TEXT,
    peer_address  TEXT NOT NULL,
    user_agent    TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    -- Written at most once a minute; a browser session idles from here.
    last_seen_at  TIMESTAMP NOT NULL,
    -- The absolute end, whatever happens in between.
    expires_at    TIMESTAMP NOT NULL,
    ended_at      TIMESTAMP
);
CREATE INDEX sessions_user ON sessions (user_id, kind, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE session_tokens (
    -- SHA-256 of the token; the token itself is never stored.
    hash        BLOB NOT NULL PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL CHECK (kind IN ('access', 'refresh', 'limited', 'cookie')),
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    -- Set by the one UPDATE that uses the token up.
    consumed_at TIMESTAMP,
    -- The pair that replaced a refresh token, sealed under that very token, for the grace period only.
    successor   TEXT
);
CREATE INDEX session_tokens_session ON session_tokens (session_id);
CREATE INDEX session_tokens_expiry ON session_tokens (expires_at);

-- Links that a person receives outside the browser and uses once.
CREATE TABLE one_time_links (
    id          TEXT NOT NULL PRIMARY KEY,
    token_hash  BLOB NOT NULL UNIQUE,
    purpose     TEXT NOT NULL CHECK (purpose IN ('first_owner', 'choose_password')),
    -- NULL for the link that creates the first owner.
    user_id     TEXT REFERENCES users (id) ON DELETE CASCADE,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    consumed_at TIMESTAMP
);
CREATE INDEX one_time_links_user ON one_time_links (user_id);

-- Failed passwords per address that was typed, known here or not. The key is a MAC of that address,
-- so that the table tells nobody who tried to sign in.
CREATE TABLE password_failures (
    key          BLOB NOT NULL PRIMARY KEY,
    failures     INTEGER NOT NULL,
    next_try_at  TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL
);
CREATE INDEX password_failures_updated ON password_failures (updated_at);

-- What happened, in order. Append-only: rows refer to no other table, because they outlive what they tell of.
CREATE TABLE activity (
    seq             BIGINT NOT NULL PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    at              TIMESTAMP NOT NULL,
    event           TEXT NOT NULL,
    outcome         TEXT NOT NULL CHECK (outcome IN ('success', 'failure')),
    -- Why it failed, or how it came about: a fixed word.
    reason          TEXT,
    -- Where it came in: browser, api, cli or server.
    door            TEXT NOT NULL,
    actor_id        TEXT,
    user_id         TEXT,
    organization_id TEXT,
    method          TEXT,
    -- The name of the object at that time (a passkey's name, a device), so that it outlives the object.
    detail          TEXT,
    peer_address    TEXT,
    forwarded_for   TEXT,
    user_agent      TEXT,
    request_id      TEXT,
    session_hash    TEXT,
    -- HMAC over this row and the previous row's hash, under the audit key named here.
    key_id          TEXT NOT NULL,
    hash            BLOB NOT NULL
);
CREATE INDEX activity_user ON activity (user_id, seq);

-- The end of the chain, so that a cut-off tail is noticed; updated last in each transaction that adds a row.
CREATE TABLE activity_head (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL,
    hash BLOB NOT NULL
);
INSERT INTO activity_head (id, seq, hash) VALUES (1, 0, zeroblob(32));

CREATE TRIGGER activity_is_append_only BEFORE UPDATE ON activity
BEGIN
    SELECT RAISE(ABORT, 'activity is append-only');
END;

-- One sealed constant a root key: proves at start that the key file opens what this database holds.
CREATE TABLE key_checks (
    key_id     TEXT NOT NULL PRIMARY KEY,
    envelope   TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
