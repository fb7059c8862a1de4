-- Email links: the second factor that comes by mail.

-- One row a mail. The link's token and the code of the same mail are two ways to use up one row.
CREATE TABLE magic_links (
    id          TEXT NOT NULL PRIMARY KEY,
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The session that asked for it; it works in no other one.
    session_id  TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    purpose     TEXT NOT NULL CHECK (purpose IN ('set_up', 'prove')),
    -- The address it went to; once the account has another one it proves nothing.
    address     TEXT NOT NULL,
    -- SHA-256 of the token in the link.
    token_hash  BLOB NOT NULL UNIQUE,
    -- HMAC of the six digits, bound to this row.
    code_hash   TEXT NOT NULL,
    -- Where the browser goes afterwards.
    return_to   TEXT NOT NULL,
    -- Wrong codes at a set-up; at a sign-in the account's own count stands for them.
    wrong       INTEGER NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    -- NULL until a mail server has taken it: before that it works for nobody.
    sent_at     TIMESTAMP,
    used_at     TIMESTAMP,
    -- When a newer one took its place.
    replaced_at TIMESTAMP
);
CREATE INDEX magic_links_user ON magic_links (user_id, created_at);
CREATE INDEX magic_links_session ON magic_links (session_id);
CREATE INDEX magic_links_expiry ON magic_links (expires_at);

-- Whether the password was set by a link that came by mail: then a link by mail is no second factor beside it.
ALTER TABLE users ADD COLUMN password_by_mail BOOLEAN NOT NULL DEFAULT FALSE;
