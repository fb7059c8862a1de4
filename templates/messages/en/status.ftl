# One badge and one sentence for each state of an account's multi-factor authentication.

status-badge-needed = Set-up needed
status-badge-by = Set up by { $date }
status-badge-off = Off
status-badge-on = On
status-badge-on-required = On, required

status-needed = { $organization } requires MFA. Set up one method to continue.
status-password-only = Your account is protected by a password only.
status-saved = { $count ->
        [one] 1 method is saved, but you are not asked for it when you sign in.
       *[other] { $count } methods are saved, but you are not asked for them when you sign in.
    }
status-one-way = You have one way to sign in.
status-required = You can change methods, but { $organization } does not allow turning MFA off.
status-on = You confirm it's you with { $primary } after your password.

status-your-administrator = Your administrator

status-notice-deadline = { $organization } requires MFA from { $date }.

status-method-app = an authenticator app
status-method-email = an email link
status-method-passkey = a passkey
status-method-any = a second method
