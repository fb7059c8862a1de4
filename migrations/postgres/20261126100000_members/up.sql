-- Members of an organization in lists: what they have in one number, and names to search by.

-- 1 authenticator app, 2 email link, 4 passkey, each proved, switched on and not suspended; 8 unused backup codes.
-- Kept by the triggers below, so that it is what the rows say whoever wrote them.
ALTER TABLE users ADD COLUMN member_state INTEGER NOT NULL DEFAULT 0;
-- First and last name in lower case, and the last name alone. Compared by bytes, as the program and SQLite do.
ALTER TABLE users ADD COLUMN name_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN last_name_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE users ALTER COLUMN email TYPE TEXT COLLATE "C";

CREATE FUNCTION member_methods(owner TEXT) RETURNS INTEGER LANGUAGE SQL STABLE AS $$
    SELECT COALESCE(SUM(CASE method WHEN 'totp' THEN 1 WHEN 'magic_link' THEN 2 ELSE 4 END), 0)::INTEGER
    FROM factors
    WHERE user_id = owner AND verified_at IS NOT NULL AND enabled AND suspended_at IS NULL
$$;

UPDATE users SET
    name_key = lower(first_name || ' ' || last_name),
    last_name_key = lower(last_name),
    member_state = (CASE WHEN backup_codes_left > 0 THEN 8 ELSE 0 END) + member_methods(id);

DROP INDEX users_organization;
CREATE INDEX users_members ON users (organization_id, email);
CREATE INDEX users_member_states ON users (organization_id, member_state, email);
CREATE INDEX users_member_names ON users (organization_id, name_key);
CREATE INDEX users_member_last_names ON users (organization_id, last_name_key);

CREATE FUNCTION keep_member_methods() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE users SET member_state = (member_state & 8) + member_methods(id) WHERE id = OLD.user_id;
    ELSE
        UPDATE users SET member_state = (member_state & 8) + member_methods(id) WHERE id = NEW.user_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER member_state_factors AFTER INSERT OR DELETE OR UPDATE OF verified_at, enabled, suspended_at ON factors
    FOR EACH ROW EXECUTE FUNCTION keep_member_methods();

CREATE FUNCTION keep_member_codes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.member_state := (NEW.member_state & 7) + (CASE WHEN NEW.backup_codes_left > 0 THEN 8 ELSE 0 END);
    RETURN NEW;
END
$$;
CREATE TRIGGER member_state_codes BEFORE UPDATE OF backup_codes_left ON users
    FOR EACH ROW EXECUTE FUNCTION keep_member_codes();
