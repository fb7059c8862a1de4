# Mails about changes to an account: a subject that says what happened, and one sentence.

mail-account = Account
mail-when = When
mail-where = Where
mail-not-you = If this wasn't you, sign in, look at what happened lately and change your password:
mail-no-secret = We never ask for a password or code by mail.

mail-new-device = New sign-in to { $product }
mail-new-device-text = Your account was signed in to from a device that is new, or that was not used for a long time.
mail-unfinished = A sign-in stopped after your password
mail-unfinished-text = Somebody entered your password, and the second step did not follow. If that was you, there is nothing to do.
mail-password-changed = Password changed
mail-password-changed-text = The password of your account was changed. All other devices are signed out.
mail-password-chosen = Password set
mail-password-chosen-text = A password was set for your account with a one-time link.
mail-method-on = { $method } turned on
mail-method-on-text = { $method } was turned on for your account.
mail-method-off = { $method } turned off
mail-method-off-text = { $method } was turned off for your account. All other devices are signed out.
mail-method-removed = { $method } removed
mail-method-removed-text = { $method } was removed from your account. All other devices are signed out.
mail-mfa-on = MFA turned on
mail-mfa-on-text = Multi-factor authentication was turned on for your account.
mail-mfa-off = MFA turned off
mail-mfa-off-text = Multi-factor authentication was turned off for your account: a password alone is enough. All other devices are signed out.
mail-primary = Primary method changed
mail-primary-text = { $method } is what your account asks for first from now on.
mail-reset = Your MFA was reset
mail-reset-text = Every method and backup code was removed from your account. All other devices are signed out.
mail-reset-by-administrator-text = An administrator removed every method and backup code from your account and signed you out everywhere. Set it up again at your next sign-in.
mail-passkey-added = Passkey added
mail-passkey-added-text = The passkey "{ $name }" was added to your account.
mail-passkey-removed = Passkey removed
mail-passkey-removed-text = The passkey "{ $name }" was removed from your account. All other devices are signed out.
mail-passkey-counter = A passkey may have been copied
mail-passkey-counter-text = A passkey of your account was refused because it counted backwards, which a copy does. If you are not sure, remove it and add it again.
mail-codes-created = Backup codes created
mail-codes-created-text = Ten new backup codes were created for your account. Earlier ones stopped working.
mail-code-used = A backup code was used ({ $count } left)
mail-code-used-text = { $count ->
        [0] A backup code was used for your account. It was the last one: create new codes.
        [1] A backup code was used for your account. 1 code is left: create new codes.
        [2] A backup code was used for your account. 2 codes are left: create new codes.
        [3] A backup code was used for your account. 3 codes are left: create new codes.
       *[other] A backup code was used for your account. { $count } codes are left.
    }
mail-locked = Codes locked for a while
mail-locked-text = Somebody entered your password and then too many wrong codes. Codes are locked for a while; a passkey still works.
mail-suspended = Codes switched off
mail-suspended-text = Far too many wrong codes were entered after your password. Codes are switched off for your account. Sign in with a passkey, or ask an administrator.
mail-token-reused = An app was signed out
mail-token-reused-text = An app renewed its sign-in twice with the same key, which a copy does. It was signed out.
