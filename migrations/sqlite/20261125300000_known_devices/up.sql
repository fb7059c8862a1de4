-- What the holder of an account is told of besides changes: sign-ins from a new device, and right passwords that no second
-- factor followed.

-- The devices from which an account was signed in to. It grants nothing to be here: it only keeps a mail away.
CREATE TABLE known_devices (
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of the token in a browser's own cookie, or of what a program calls itself.
    hash         BLOB NOT NULL,
    -- The last sign-in that was complete.
    last_seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, hash)
);
CREATE INDEX known_devices_seen ON known_devices (last_seen_at);

-- Until when a second factor may follow before the holder is told; NULL once it did, or once that was looked at.
ALTER TABLE sessions ADD COLUMN watched_until TIMESTAMP;
-- When the holder was told that none followed.
ALTER TABLE sessions ADD COLUMN told_at TIMESTAMP;
-- What is looked at every few seconds: nearly always nothing.
CREATE INDEX sessions_watched ON sessions (watched_until) WHERE watched_until IS NOT NULL;
