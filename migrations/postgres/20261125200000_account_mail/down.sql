DROP TABLE link_requests;
DELETE FROM mails WHERE link IS NOT NULL;
DROP INDEX mails_link;
ALTER TABLE mails DROP COLUMN expires_at;
ALTER TABLE mails DROP COLUMN link_id;
ALTER TABLE mails DROP COLUMN link;
DELETE FROM one_time_links WHERE purpose = 'change_address';
ALTER TABLE one_time_links DROP COLUMN address;
ALTER TABLE one_time_links DROP CONSTRAINT one_time_links_purpose_check;
ALTER TABLE one_time_links ADD CONSTRAINT one_time_links_purpose_check
    CHECK (purpose IN ('first_owner', 'choose_password'));
