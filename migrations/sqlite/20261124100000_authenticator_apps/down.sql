ALTER TABLE users DROP COLUMN backup_codes_left;
DROP TABLE mfa_attempts;
DROP TABLE backup_codes;
DROP TABLE backup_code_sets;
DROP TABLE totp_setups;
DROP TABLE totp_secrets;
