DROP INDEX users_passkey_handle;
ALTER TABLE users DROP COLUMN passkey_handle;
DROP TABLE passkey_ceremonies;
DROP TABLE passkeys;
DROP INDEX factors_suspended;
