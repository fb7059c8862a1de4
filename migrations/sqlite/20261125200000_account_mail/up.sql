-- Links that go out by mail: for a lost password, as an invitation, and to prove a new address.

-- SQLite changes a check only together with its table.
CREATE TABLE one_time_links_new (
    id          TEXT NOT NULL PRIMARY KEY,
    token_hash  BLOB NOT NULL UNIQUE,
    purpose     TEXT NOT NULL CHECK (purpose IN ('first_owner', 'choose_password', 'change_address')),
    -- NULL for the link that creates the first owner.
    user_id     TEXT REFERENCES users (id) ON DELETE CASCADE,
    -- The address it was mailed to; NULL for a link that was printed.
    address     TEXT,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    consumed_at TIMESTAMP
);
INSERT INTO one_time_links_new
    SELECT id, token_hash, purpose, user_id, NULL, created_at, expires_at, consumed_at FROM one_time_links;
DROP TABLE one_time_links;
ALTER TABLE one_time_links_new RENAME TO one_time_links;
CREATE INDEX one_time_links_user ON one_time_links (user_id);

-- The path of the page that the mail leads to, sealed: the token is in it.
ALTER TABLE mails ADD COLUMN link TEXT;
-- When the link goes, because a newer one took its place, the mail goes unsent.
ALTER TABLE mails ADD COLUMN link_id TEXT REFERENCES one_time_links (id) ON DELETE CASCADE;
-- From when on there is no use in sending it.
ALTER TABLE mails ADD COLUMN expires_at TIMESTAMP;
CREATE INDEX mails_link ON mails (link_id);

-- What was asked for by mail. Whoever asks only adds a row, whatever there is behind the address, and so learns nothing
-- from the time of the answer. Links are made and mailed afterwards.
CREATE TABLE link_requests (
    id         TEXT NOT NULL PRIMARY KEY,
    purpose    TEXT NOT NULL CHECK (purpose IN ('choose_password', 'change_address')),
    -- Where the mail goes, if it goes.
    address    TEXT NOT NULL,
    -- Whose link it is. Unknown at first for a lost password; without an account the row is removed.
    user_id    TEXT REFERENCES users (id) ON DELETE CASCADE,
    -- Where it was asked, as JSON, for the record.
    origin     TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- Kept afterwards as long as the limits count back.
    handled_at TIMESTAMP
);
CREATE INDEX link_requests_user ON link_requests (user_id, created_at);
CREATE INDEX link_requests_waiting ON link_requests (handled_at, created_at);
