ALTER TABLE users DROP COLUMN password_by_mail;
DROP TABLE magic_links;
