-- Mails that are to be sent. A row is written in the transaction of what it tells of, and deleted once a mail server has
-- taken the mail: so nothing that happened is kept quiet, and a mail may come twice but never not at all.
CREATE TABLE mails (
    id            TEXT NOT NULL PRIMARY KEY,
    recipient     TEXT NOT NULL,
    -- What it tells of: a word of the record.
    event         TEXT NOT NULL,
    -- What there is to say about it, as JSON. Never a secret.
    params        TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    tries         INTEGER NOT NULL,
    next_try_at   TIMESTAMP NOT NULL,
    -- Somebody is sending it: nobody else does until then.
    claimed_until TIMESTAMP
);
CREATE INDEX mails_due ON mails (next_try_at);
