# The activity list: its page, its table and one past-tense sentence per recorded event.

activity-title = Security activity
activity-lead = Everything that was recorded for your account, newest first.
activity-caption = Page { $page }
activity-what = What
activity-when = When
activity-where = Where
activity-empty = Nothing yet. Sign-ins and security changes will appear here.
activity-empty-page = There is nothing on this page. Newer events are on the pages before it.
# Where something happened, when it was no browser or app.
activity-command-line = Command line on the server
activity-not-you = Something here wasn't you?
activity-not-you-action = Change your password
activity-newer = Newer
activity-older = Older
activity-pages-label = Pages
activity-back = Back to security

activity-signed-in = Signed in with password
activity-signed-in-trust = Signed in with password, in a trusted browser
activity-new-device = New device: a mail was sent about it
activity-unfinished = Sign-in not finished: the second step did not follow
activity-password-accepted = Password accepted, second step asked for
activity-signed-in-app = Signed in with authenticator app
activity-signed-in-code = Signed in with a backup code
activity-signed-in-email = Signed in with email link
activity-email-sent = Sign-in link sent by email
activity-signed-in-code-left = Signed in with a backup code, { $count } left
activity-signed-in-passkey = Signed in with a passkey
activity-signed-in-passkey-named = Signed in with passkey "{ $name }"
activity-confirmed-passkey = Confirmed with a passkey
activity-confirmed-passkey-named = Confirmed with passkey "{ $name }"
activity-passkey-refused = Passkey refused: it could not be checked
activity-passkey-counter = Passkey refused: it may have been copied
activity-passkey-added = Passkey "{ $name }" added
activity-passkey-not-added = Passkey not added: it could not be checked
activity-passkey-renamed = Passkey renamed to "{ $name }"
activity-passkey-removed = Passkey "{ $name }" removed
activity-sign-in-failed = Sign-in failed: wrong password
activity-signed-out = Signed out
activity-device-signed-out = Device signed out
activity-device-signed-out-named = { $name } signed out
activity-others-signed-out = All other devices signed out
activity-trust-given = { $count ->
        [one] Browser trusted for 1 day
       *[other] Browser trusted for { $count } days
    }
activity-trust-ended = A browser is not trusted any more
activity-trust-ended-named = { $name } is not trusted any more
activity-trust-ended-all = No browser is trusted any more
activity-trust-copied = A browser is not trusted any more: what it keeps may have been copied
activity-trust-copied-named = { $name } is not trusted any more: what it keeps may have been copied
activity-confirmed = Confirmed with password
activity-confirmed-app = Confirmed with authenticator app
activity-confirmed-code = Confirmed with a backup code
activity-confirmed-email = Confirmed with email link
activity-confirmed-code-left = Confirmed with a backup code, { $count } left
activity-confirm-failed = Confirmation failed: wrong password
activity-account-created = Account created
activity-organization-created = Organization created
activity-password-chosen = Password chosen with a one-time link
activity-password-changed = Password changed
activity-password-change-failed = Password not changed: wrong current password
activity-profile-changed = Name changed
activity-language-changed = Language changed
activity-token-reused = An app was signed out: it renewed its sign-in twice with the same key
activity-link-issued = One-time password link issued
activity-link-refused = Password link asked for, and not mailed
activity-address-asked = Link to a new email address asked for
activity-address-changed = Email address changed to { $address }
activity-mfa-on = Multi-factor authentication turned on
activity-mfa-off = Multi-factor authentication turned off
activity-mfa-reset = Multi-factor authentication reset by an administrator
activity-mfa-reset-named = Multi-factor authentication reset by administrator { $name }
activity-mfa-reset-by-holder = Multi-factor authentication reset by yourself
activity-app-code-wrong = Wrong authenticator code
activity-app-code-spent = Authenticator code refused: already used
activity-email-code-wrong = Wrong code from an email
activity-email-code-spent = Code from an email refused: no longer in use
activity-backup-code-wrong = Wrong backup code
activity-backup-code-spent = Backup code refused: already used
activity-codes-locked = Codes locked for a while after too many wrong ones
activity-codes-suspended = Codes switched off after far too many wrong ones
activity-set-up-started = Set-up of { $method } started
activity-method-enabled = { $method } turned on
activity-method-disabled = { $method } turned off
activity-method-removed = { $method } removed
activity-primary-changed = Primary method changed
activity-primary-changed-to = Primary method changed to { $method }
activity-backup-codes-created = Backup codes created
activity-refused = Refused: the role does not include it
activity-enforce-on = Multi-factor authentication required of the organization from { $date } ({ $methods }; { $days } extra days)
activity-enforce-off = Multi-factor authentication no longer required of the organization
activity-recommended = Multi-factor authentication recommended to the organization
activity-organization-renamed = Organization renamed { $name }
activity-trust-days = { $count ->
        [0] Members may not have browsers trusted any more
        [one] Members may have a browser trusted for 1 day
       *[other] Members may have a browser trusted for { $count } days
    }
activity-member-reset = Multi-factor authentication of a member reset ({ $member })
activity-reset-asked = Reset of multi-factor authentication asked of the administrators
activity-role-changed = Role changed to { $role }
activity-member-changed = Member changed: { $member }
activity-member-removed = Member removed: { $member }
activity-other = Security event { $event }
