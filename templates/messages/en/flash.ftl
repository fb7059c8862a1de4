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
