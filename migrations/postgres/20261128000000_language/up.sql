-- In which language somebody reads (a tag, BCP 47): as chosen, and as the browser asked for at the last sign-in. A mail is
-- written in the language of the account that it is about when it is left.
ALTER TABLE users ADD COLUMN language TEXT;
ALTER TABLE users ADD COLUMN browser_language TEXT;
ALTER TABLE mails ADD COLUMN language TEXT;
