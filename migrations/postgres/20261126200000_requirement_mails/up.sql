-- Mails about a requirement that are to go to many members: one row a round, which leaves them piece by piece.
CREATE TABLE requirement_rounds (
    id              TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    -- A member with a day of their own; NULL is everybody else.
    user_id         TEXT REFERENCES users (id) ON DELETE CASCADE,
    -- When the requirement comes into force.
    comes_at        TIMESTAMP NOT NULL,
    -- It reminds so many days before; NULL announces.
    days            INTEGER,
    due_at          TIMESTAMP NOT NULL,
    -- The address of the last member who was told.
    told            TEXT NOT NULL
);
CREATE INDEX requirement_rounds_due ON requirement_rounds (due_at);
CREATE INDEX requirement_rounds_organization ON requirement_rounds (organization_id);
