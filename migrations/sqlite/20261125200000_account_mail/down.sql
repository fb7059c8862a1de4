DROP TABLE link_requests;
DELETE FROM mails WHERE link IS NOT NULL;
DROP INDEX mails_link;
ALTER TABLE mails DROP COLUMN expires_at;
ALTER TABLE mails DROP COLUMN link_id;
ALTER TABLE mails DROP COLUMN link;
DELETE FROM one_time_links WHERE purpose = 'change_address';
CREATE TABLE one_time_links_old (
    id          TEXT NOT NULL PRIMARY KEY,
    token_hash  BLOB NOT NULL UNIQUE,
    purpose     TEXT NOT NULL CHECK (purpose IN ('first_owner', 'choose_password')),
    user_id     TEXT REFERENCES users (id) ON DELETE CASCADE,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    consumed_at TIMESTAMP
);
INSERT INTO one_time_links_old
    SELECT id, token_hash, purpose, user_id, created_at, expires_at, consumed_at FROM one_time_links;
DROP TABLE one_time_links;
ALTER TABLE one_time_links_old RENAME TO one_time_links;
CREATE INDEX one_time_links_user ON one_time_links (user_id);
