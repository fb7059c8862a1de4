# Mails about changes to an account: a subject that says what happened, and one sentence.

mail-account = Account
mail-when = When
mail-where = Where
mail-not-you = If this wasn't you, look at what happened lately and change your password. If you cannot sign in any more, ask an administrator.
mail-no-secret = We never ask for a password or code by mail.

mail-new-device = New sign-in to { $product }
mail-new-device-text = Your account was signed in to from a device that is new, or that was not used for a long time.
mail-unfinished = A sign-in stopped after your password
mail-unfinished-text = Somebody entered your password, and the second step did not follow. If that was you, there is nothing to do.
mail-trusted = Browser trusted
mail-trusted-text = { $count ->
        [one] For 1 day your password is enough to sign in with the browser below. A change of your password or methods ends that.
       *[other] For { $count } days your password is enough to sign in with the browser below. A change of your password or methods ends that.
    }
mail-trust-copied = A trusted browser may have been copied
mail-trust-copied-text = Somebody entered your password and showed what a trusted browser had used before, as somebody with a copy of it would. That browser is not trusted any more, and the second step was asked for. If you were signing in and the connection broke off, that is why.
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
mail-member-reset = You reset the MFA of a member
mail-member-reset-text = Every method and backup code of a member was removed: { $member }.
mail-reset-asked = You asked for a reset of your MFA
mail-reset-asked-text = Somebody who knows your password asked the administrators of your organization to reset your MFA. Nothing has changed yet.
mail-reset-requested = Reset of MFA asked for: { $name }
mail-reset-requested-text = Somebody who knows the password of { $name } ({ $email }) says that they can't use any second method, and asks you to reset their MFA.
mail-reset-requested-check = Check who is asking: call them back on a number you already know. If it was not them, somebody else knows their password: reset nothing, and tell them to change it. Otherwise, reset their MFA here:
mail-role = Your role changed
mail-role-text = An administrator gave you another role in your organization.
mail-removed = Your account was removed
mail-removed-text = An administrator removed your account with everything in it. You cannot sign in with it any more.
mail-passkey-added = Passkey added
mail-passkey-added-text = The passkey "{ $name }" was added to your account.
mail-passkey-removed = Passkey removed
mail-passkey-removed-text = The passkey "{ $name }" was removed from your account. All other devices are signed out.
mail-passkey-counter = A passkey may have been copied
mail-passkey-counter-text = A passkey of your account was refused, because a copy of it may be in use. Remove it and add it again, unless you know why.
mail-codes-created = Backup codes created
mail-codes-created-text = Ten new backup codes were created for your account. Earlier ones stopped working.
mail-code-used = A backup code was used ({ $count } left)
mail-code-used-text = { $count ->
        [0] A backup code was used for your account. It was the last one. Create new codes on your security page now.
        [1] A backup code was used for your account. Only 1 code is left. Create new codes on your security page soon.
        [2] A backup code was used for your account. Only 2 codes are left. Create new codes on your security page soon.
        [3] A backup code was used for your account. Only 3 codes are left. Create new codes on your security page soon.
       *[other] A backup code was used for your account. { $count } codes are left.
    }
mail-locked = Codes locked for a while
mail-locked-text = Somebody entered your password and then too many wrong codes. Codes are locked for a while; a passkey still works.
mail-suspended = Codes switched off
mail-suspended-text = Far too many wrong codes were entered after your password. Codes are switched off for your account. Sign in with a passkey, or ask an administrator.
mail-token-reused = An app was signed out
mail-token-reused-text = An app tried to stay signed in with a key that was used before, as somebody with a copy of it would. It was signed out.

# Mails about what an organization requires.
mail-required = MFA required from { $date }
mail-required-text = { $organization } requires multi-factor authentication from { $time }. From then on you set up one method before you can go on.
mail-required-now = MFA is required now
mail-required-now-text = { $organization } requires multi-factor authentication. You set up one method before you can go on.
mail-required-set-up = Set it up now; it takes about two minutes:
mail-required-ready = You have it already: there is nothing to do.
mail-required-ask = If you have questions, ask an administrator of { $organization }.

# The mail of an email link.
mail-link-sign-in-subject = Your sign-in link
mail-link-sign-in-lead = Open this link in the browser where you are signing in:
mail-link-sign-in-not-you = If you are not signing in, somebody has your password. Don't open the link and don't tell anybody the code; sign in yourself and change your password.
mail-link-set-up-subject = Confirm your email address
mail-link-set-up-lead = Open this link to use your mailbox as a second factor of your account:
mail-link-set-up-not-you = If you did not ask for this, somebody is signed in to your account. Don't open the link; sign in, sign out the other devices and change your password.
mail-link-code = Or type this code there: { $code }
mail-link-until = Either works once, until { $time }.

# Mails that somebody asked for. The link stands below the sentence.

mail-request-until = The link works once, until { $time }.
mail-request-again = After that, ask for a new one:
mail-request-not-you = If this wasn't you, there is nothing to do: nothing has changed.
mail-password-link = Your link for a new password
mail-password-link-text = Somebody, probably you, asked for a new password for this account. Choose it on this page:
mail-invitation = Your new account
mail-invitation-text = An account was made for you. Choose a password for it on this page:
mail-invitation-organization-text = An account was made for you at { $organization }. Choose a password for it on this page:
mail-invitation-ask = If you did not expect this, or have questions, ask whoever runs this service.
mail-invitation-organization-ask = If you did not expect this, or have questions, ask an administrator of { $organization }.
mail-address-link = Confirm your new email address
mail-address-link-text = Somebody, probably you, wants to use this email address for their account. Confirm it on this page, in a browser where you are signed in:
mail-address-taken = This email address has an account
mail-address-taken-text = Somebody, probably you, wanted to use this email address for another account. It has an account already, so nothing was changed. If you want to use it there, choose another address for this account first.

mail-address-changed = Email address changed
mail-address-changed-text = The email address of your account is { $address } now. You sign in with it from now on, and mail goes there.
mail-address-changed-not-you = If this wasn't you, somebody else may have your account: ask an administrator of your organization, or whoever runs this service, right away.
