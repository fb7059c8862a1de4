-- Authenticator apps, backup codes, and how often a second factor was answered wrongly.

-- What an authenticator app shares with the server. Gone with the factor's row.
CREATE TABLE totp_secrets (
    factor_id   TEXT NOT NULL PRIMARY KEY REFERENCES factors (id) ON DELETE CASCADE,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Sealed, bound to this row.
    secret      TEXT NOT NULL,
    -- The time step of the last code that was accepted: only later ones are.
    last_step   BIGINT NOT NULL,
    created_at  TIMESTAMP NOT NULL
);

-- A set-up that waits for its first code. One an account: a new one replaces it. It enables nothing.
CREATE TABLE totp_setups (
    user_id     TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    id          TEXT NOT NULL UNIQUE,
    -- Only the session that started it can finish it.
    session_id  TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    secret      TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL
);

CREATE TABLE backup_code_sets (
    id           TEXT NOT NULL PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The session that made it: the only one that may still read the codes.
    session_id   TEXT NOT NULL,
    -- NULL until the set-up it was issued with is proved; such a set is inert.
    activated_at TIMESTAMP,
    -- The codes, sealed, for as long as they may be shown; then NULL.
    plain        TEXT,
    plain_until  TIMESTAMP,
    -- When the holder said that they are saved.
    saved_at     TIMESTAMP,
    created_at   TIMESTAMP NOT NULL
);
CREATE INDEX backup_code_sets_user ON backup_code_sets (user_id);
-- One live set an account, whatever races.
CREATE UNIQUE INDEX backup_code_sets_live ON backup_code_sets (user_id) WHERE activated_at IS NOT NULL;

CREATE TABLE backup_codes (
    id      TEXT NOT NULL PRIMARY KEY,
    set_id  TEXT NOT NULL REFERENCES backup_code_sets (id) ON DELETE CASCADE,
    -- argon2id and the pepper; all codes of a set share a salt, so that a guess costs one hash.
    hash    TEXT NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX backup_codes_set ON backup_codes (set_id);

-- Wrong answers in a row, over all codes of an account.
CREATE TABLE mfa_attempts (
    user_id      TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- Names this row of wrong answers: an answer that is judged after the count was cleared finds another name.
    streak       TEXT NOT NULL,
    wrong        INTEGER NOT NULL,
    locked_until TIMESTAMP,
    -- Codes were switched off for it.
    suspended_at TIMESTAMP,
    -- Right codes in a row while locked, and the step of the last one; they spend nothing.
    run_length   INTEGER NOT NULL,
    run_step     BIGINT,
    updated_at   TIMESTAMP NOT NULL
);

-- Unused codes of the live set, kept here so that the status needs no count; NULL when none was ever issued.
ALTER TABLE users ADD COLUMN backup_codes_left INTEGER;
