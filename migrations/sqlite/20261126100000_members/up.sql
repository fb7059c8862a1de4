-- Members of an organization in lists: what they have in one number, and names to search by.

-- 1 authenticator app, 2 email link, 4 passkey, each proved, switched on and not suspended; 8 unused backup codes.
-- Kept by the triggers below, so that it is what the rows say whoever wrote them.
ALTER TABLE users ADD COLUMN member_state INTEGER NOT NULL DEFAULT 0;
-- First and last name in lower case, and the last name alone.
ALTER TABLE users ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN last_name_key TEXT NOT NULL DEFAULT '';

UPDATE users SET
    name_key = lower(first_name || ' ' || last_name),
    last_name_key = lower(last_name),
    member_state = (CASE WHEN backup_codes_left > 0 THEN 8 ELSE 0 END) + (
        SELECT COALESCE(SUM(CASE method WHEN 'totp' THEN 1 WHEN 'magic_link' THEN 2 ELSE 4 END), 0)
        FROM factors
        WHERE user_id = users.id AND verified_at IS NOT NULL AND enabled AND suspended_at IS NULL
    );

DROP INDEX users_organization;
CREATE INDEX users_members ON users (organization_id, email);
CREATE INDEX users_member_states ON users (organization_id, member_state, email);
CREATE INDEX users_member_names ON users (organization_id, name_key);
CREATE INDEX users_member_last_names ON users (organization_id, last_name_key);

CREATE TRIGGER member_state_factor_added AFTER INSERT ON factors BEGIN
    UPDATE users SET member_state = (member_state & 8) + (
        SELECT COALESCE(SUM(CASE method WHEN 'totp' THEN 1 WHEN 'magic_link' THEN 2 ELSE 4 END), 0)
        FROM factors
        WHERE user_id = users.id AND verified_at IS NOT NULL AND enabled AND suspended_at IS NULL
    ) WHERE id = NEW.user_id;
END;
CREATE TRIGGER member_state_factor_changed AFTER UPDATE OF verified_at, enabled, suspended_at ON factors BEGIN
    UPDATE users SET member_state = (member_state & 8) + (
        SELECT COALESCE(SUM(CASE method WHEN 'totp' THEN 1 WHEN 'magic_link' THEN 2 ELSE 4 END), 0)
        FROM factors
        WHERE user_id = users.id AND verified_at IS NOT NULL AND enabled AND suspended_at IS NULL
    ) WHERE id = NEW.user_id;
END;
CREATE TRIGGER member_state_factor_removed AFTER DELETE ON factors BEGIN
    UPDATE users SET member_state = (member_state & 8) + (
        SELECT COALESCE(SUM(CASE method WHEN 'totp' THEN 1 WHEN 'magic_link' THEN 2 ELSE 4 END), 0)
        FROM factors
        WHERE user_id = users.id AND verified_at IS NOT NULL AND enabled AND suspended_at IS NULL
    ) WHERE id = OLD.user_id;
END;
CREATE TRIGGER member_state_codes AFTER UPDATE OF backup_codes_left ON users BEGIN
    UPDATE users SET member_state = (member_state & 7) + (CASE WHEN backup_codes_left > 0 THEN 8 ELSE 0 END)
    WHERE id = NEW.id;
END;
