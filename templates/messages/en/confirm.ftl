# The step-up: proving again who is there before something important.

# $action completes the sentence.
confirm-lead = You're about to { $action }.
confirm-button = Confirm with password
confirm-code-button = Confirm with code
confirm-cancel = Cancel

confirm-action-device = sign out a device
confirm-action-devices = sign out your other devices
confirm-action-password = change your password
confirm-action-address = change your email address
confirm-action-app = set up an authenticator app
confirm-action-app-remove = remove your authenticator app
confirm-action-email = set up the email link
confirm-action-email-remove = remove the email link
confirm-action-passkey = add a passkey
confirm-action-passkey-name = rename a passkey
confirm-action-passkey-remove = remove a passkey
confirm-action-codes = create backup codes
confirm-action-primary = change your primary method
confirm-action-on = turn on multi-factor authentication
confirm-action-off = turn off multi-factor authentication
confirm-action-requirement = change what your organization asks of its members
confirm-action-trust = change for how long browsers are trusted
confirm-action-member-reset = reset the MFA of a member
confirm-action-other = change a security setting
