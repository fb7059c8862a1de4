-- What stands for the rows of the record that were let go, once they were 400 days old: at most one row.
CREATE TABLE activity_anchor (
    -- The number and the hash of the last row that went: the first one that is left follows from it.
    seq    BIGINT NOT NULL PRIMARY KEY,
    hash   BYTEA NOT NULL,
    -- HMAC over both, under the audit key named here: nobody else lets rows go.
    key_id TEXT NOT NULL,
    mac    BYTEA NOT NULL
);
