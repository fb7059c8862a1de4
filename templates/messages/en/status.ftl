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
status-by-your-administrator = your administrator

status-notice-deadline = { $organization } requires MFA from { $date }.
status-notice-deadline-set-up = { $organization } requires MFA from { $date }. Set it up now; it takes about two minutes.
status-notice-recommended = { $organization } recommends MFA.
status-notice-recommended-set-up = { $organization } recommends MFA. Set it up now; it takes about two minutes.
status-notice-one-way = If you lose it, you lose access. Add a second method or create backup codes.
status-notice-codes-used-up = You have used all your backup codes.
status-notice-codes-few = { $count ->
        [one] You have 1 backup code left.
       *[other] You have { $count } backup codes left.
    }
status-notice-reset = Your MFA was reset on { $date }. Signed-in devices were signed out. Set it up again.
status-notice-reset-by = An administrator of { $organization } reset your MFA on { $date }. Signed-in devices were signed out. Set it up again.
status-action-set-up = Set up
status-action-create-codes = Create backup codes
status-action-new-codes = Create new codes

status-method-any = a second method
