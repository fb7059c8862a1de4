# The step-up: proving again who is there before something important.

confirm-title = Confirm it's you
# $action completes the sentence.
confirm-lead = You're about to { $action }.
confirm-account = Signed in as { $email }
confirm-button = Confirm with password
confirm-cancel = Cancel

confirm-action-device = sign out a device
confirm-action-devices = sign out your other devices
confirm-action-password = change your password
confirm-action-other = change a security setting
