-- Passkeys (WebAuthn credentials), and the two halves of their ceremonies.

-- One row a passkey. All of an account's hang on its one factor row, which says whether the method is on.
CREATE TABLE passkeys (
    id              TEXT NOT NULL PRIMARY KEY,
    factor_id       TEXT NOT NULL REFERENCES factors (id) ON DELETE CASCADE,
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The authenticator's name for it, at most 1,023 bytes; nobody else's may be the same.
    credential_id   BYTEA NOT NULL UNIQUE,
    -- The public key and what was verified at registration, as webauthn-rs keeps it.
    credential      TEXT NOT NULL,
    -- The highest signature counter seen; 0 for authenticators that do not count.
    counter         BIGINT NOT NULL,
    -- Whether it may leave its device, and whether it has: refreshed at each use.
    backup_eligible BOOLEAN NOT NULL,
    backup_state    BOOLEAN NOT NULL,
    -- Whether it can sign in without anybody having typed an address.
    discoverable    BOOLEAN NOT NULL,
    -- How browsers reach the authenticator, words of the standard in between spaces; a hint and nothing else.
    transports      TEXT NOT NULL,
    -- The maker's number of the authenticator, unverified; NULL when it does not say.
    aaguid          TEXT,
    -- The domain it is bound to: with another one it is of no use.
    rp_id           TEXT NOT NULL,
    name            TEXT NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    last_used_at    TIMESTAMP,
    -- What the browser called itself that used it last.
    last_used_by    TEXT,
    UNIQUE (user_id, name)
);
CREATE INDEX passkeys_factor ON passkeys (factor_id);
CREATE INDEX passkeys_rp ON passkeys (rp_id);
-- The few that cannot be used; each start looks at them.
CREATE INDEX factors_suspended ON factors (id) WHERE suspended_at IS NOT NULL;

-- A challenge that waits for its answer. Deleted before the answer is looked at, so it works once.
CREATE TABLE passkey_ceremonies (
    -- SHA-256 of the challenge.
    challenge_hash BYTEA NOT NULL PRIMARY KEY,
    purpose        TEXT NOT NULL CHECK (purpose IN ('register', 'prove', 'sign_in')),
    -- Who may answer: this account in this session; or, before anybody is signed in, the browser behind this
    -- hash; or, when all three are NULL, whichever program holds the challenge.
    user_id        TEXT REFERENCES users (id) ON DELETE CASCADE,
    session_id     TEXT REFERENCES sessions (id) ON DELETE CASCADE,
    browser        TEXT,
    -- What webauthn-rs has to know at the end.
    state          TEXT NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    expires_at     TIMESTAMP NOT NULL
);
CREATE INDEX passkey_ceremonies_session ON passkey_ceremonies (session_id);
CREATE INDEX passkey_ceremonies_user ON passkey_ceremonies (user_id);
CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies (expires_at);

-- What authenticators know the account by: random, made at the first set-up and kept for good.
ALTER TABLE users ADD COLUMN passkey_handle BYTEA;
CREATE UNIQUE INDEX users_passkey_handle ON users (passkey_handle);
