# One line on the page after something worked.

flash-signed-out = You have signed out.
flash-password-chosen = Your password is set. Sign in with it now.
flash-password-changed = Password changed. All other devices are signed out.
flash-organization-created = { $organization } is ready and you are its owner.
flash-confirmed = Confirmed. Finish what you were about to do.
flash-device-signed-out = { $device } is signed out.
flash-others-signed-out = { $count ->
        [0] There was no other device to sign out.
        [one] 1 other device is signed out.
       *[other] { $count } other devices are signed out.
    }
flash-trust-stopped = { $browser } is not trusted any more. It is asked for the second step at the next sign-in.
flash-app-first = Your authenticator app works. Multi-factor authentication is on and all other devices are signed out.
flash-app-on = Authenticator app turned on.
flash-app-replaced = Your new authenticator app works. The one before it doesn't any more.
flash-app-removed = Authenticator app removed. All other devices are signed out.
flash-password-link-asked = If { $address } has an account, a link is on its way there. It works for an hour.
flash-address-link-asked = We mailed a link to { $address }. Open it within an hour in this browser to confirm that address.
flash-address-changed = Your email address is { $address } now. Sign in with it from now on.
flash-app-removed-next = Authenticator app removed. From now on we ask for { $method } first. All other devices are signed out.
flash-app-removed-last = Authenticator app removed. Multi-factor authentication is off and all other devices are signed out.
flash-app-set-up-expired = This set-up expired. Here is a new code to scan.
flash-email-first = Your email link works. Multi-factor authentication is on and all other devices are signed out.
flash-email-on = Email link turned on.
flash-email-removed = Email link removed. All other devices are signed out.
flash-email-removed-next = Email link removed. From now on we ask for { $method } first. All other devices are signed out.
flash-email-removed-last = Email link removed. Multi-factor authentication is off and all other devices are signed out.
flash-passkey-first = Your passkey works. Multi-factor authentication is on and all other devices are signed out.
flash-passkey-added = Your passkey works. You can sign in with it from now on.
flash-passkey-named = Passkey saved as { $name }.
flash-passkey-removed = Passkey "{ $name }" removed. All other devices are signed out.
flash-passkey-removed-next = Passkey "{ $name }" removed. From now on we ask for { $method } first. All other devices are signed out.
flash-passkey-removed-last = Passkey "{ $name }" removed. Multi-factor authentication is off and all other devices are signed out.
flash-codes-created = 10 backup codes created.
flash-codes-saved = Backup codes saved.
flash-primary-changed = Primary method changed. We ask for { $method } first.
flash-mfa-on = Multi-factor authentication is on. All other devices are signed out.
flash-mfa-off = Multi-factor authentication is off. All other devices are signed out; your methods stay saved.
flash-required = MFA is required from now on. Members are told by email.
flash-requirement-saved = Requirement saved.
flash-requirement-kept = Nothing changed: this is what was asked already.
flash-required-from = MFA is required from { $date }. Members are told by email.
flash-recommended = MFA is recommended to members.
flash-not-required = MFA is not required any more. Members keep their methods.
flash-trust-days = { $count ->
        [0] Browsers are not trusted any more.
        [one] Members may have a browser trusted for 1 day.
       *[other] Members may have a browser trusted for { $count } days.
    }
flash-member-reset = The MFA of { $name } was reset. They are signed out everywhere and were told by email.
flash-reset-asked-before = The administrators were asked less than a day ago, so no other email was sent. Stay reachable.
flash-reset-asked = The administrators of your organization were asked by email. They will want to be sure that it is you, so stay reachable.
flash-language-changed = Language saved.
