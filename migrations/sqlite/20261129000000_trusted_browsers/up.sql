-- Browsers that are trusted for a while: they proved the second factor, and are asked for the password alone until then.

-- For how many days members may have a browser trusted; 0 is never.
ALTER TABLE organizations ADD COLUMN trust_days INTEGER NOT NULL DEFAULT 0 CHECK (trust_days BETWEEN 0 AND 90);

CREATE TABLE trusted_browsers (
    -- The browser's cookie names it, so that a secret which is not the one of now is noticed.
    id           TEXT NOT NULL PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of the secret in the cookie. Each use puts another one in its place.
    secret_hash  BLOB NOT NULL UNIQUE,
    -- What the browser called itself.
    user_agent   TEXT NOT NULL,
    -- When the second factor was proved in it: that is how old the proof of a sign-in by it is.
    proved_at    TIMESTAMP NOT NULL,
    -- As long as was allowed then. If less is allowed by now, that is looked at with each use.
    expires_at   TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP
);
CREATE INDEX trusted_browsers_user ON trusted_browsers (user_id, proved_at);
CREATE INDEX trusted_browsers_expiry ON trusted_browsers (expires_at);

-- What was proved is worth nothing any more once an account's methods, codes, password, address or organization are others,
-- whoever changes them and wherever. A new name, a use, a suspension and another key are no change of that kind.
CREATE TRIGGER trust_ends_factor_added AFTER INSERT ON factors BEGIN
    DELETE FROM trusted_browsers WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER trust_ends_factor_removed AFTER DELETE ON factors BEGIN
    DELETE FROM trusted_browsers WHERE user_id = OLD.user_id;
END;
CREATE TRIGGER trust_ends_factor_changed AFTER UPDATE OF verified_at, enabled ON factors
WHEN OLD.verified_at IS NOT NEW.verified_at OR OLD.enabled IS NOT NEW.enabled BEGIN
    DELETE FROM trusted_browsers WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER trust_ends_passkey_added AFTER INSERT ON passkeys BEGIN
    DELETE FROM trusted_browsers WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER trust_ends_passkey_removed AFTER DELETE ON passkeys BEGIN
    DELETE FROM trusted_browsers WHERE user_id = OLD.user_id;
END;
-- A secret is known by when it was made: another key puts it into another envelope.
CREATE TRIGGER trust_ends_secret_added AFTER INSERT ON totp_secrets BEGIN
    DELETE FROM trusted_browsers WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER trust_ends_secret_replaced AFTER UPDATE OF created_at ON totp_secrets
WHEN OLD.created_at IS NOT NEW.created_at BEGIN
    DELETE FROM trusted_browsers WHERE user_id = NEW.user_id;
END;
-- A set that waits for its set-up opens nothing yet.
CREATE TRIGGER trust_ends_codes_added AFTER INSERT ON backup_code_sets
WHEN NEW.activated_at IS NOT NULL BEGIN
    DELETE FROM trusted_browsers WHERE user_id = NEW.user_id;
END;
CREATE TRIGGER trust_ends_codes_activated AFTER UPDATE OF activated_at ON backup_code_sets
WHEN OLD.activated_at IS NOT NEW.activated_at BEGIN
    DELETE FROM trusted_browsers WHERE user_id = NEW.user_id;
END;
-- A password is known by when it was changed: its hash is made anew at times.
CREATE TRIGGER trust_ends_account_changed
AFTER UPDATE OF password_changed_at, primary_method, epoch, email, organization_id, deactivated_at ON users
WHEN OLD.password_changed_at IS NOT NEW.password_changed_at OR OLD.primary_method IS NOT NEW.primary_method
    OR OLD.epoch IS NOT NEW.epoch OR OLD.email IS NOT NEW.email
    OR OLD.organization_id IS NOT NEW.organization_id OR OLD.deactivated_at IS NOT NEW.deactivated_at BEGIN
    DELETE FROM trusted_browsers WHERE user_id = NEW.id;
END;
