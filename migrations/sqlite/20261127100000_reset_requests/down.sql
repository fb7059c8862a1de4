ALTER TABLE users DROP COLUMN reset_requested_at;
