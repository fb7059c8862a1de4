DROP INDEX sessions_watched;
ALTER TABLE sessions DROP COLUMN told_at;
ALTER TABLE sessions DROP COLUMN watched_until;
DROP TABLE known_devices;
