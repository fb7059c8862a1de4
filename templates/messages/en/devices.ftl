# Signing out every other device, or one of them.

devices-title = { $count ->
        [one] Sign out 1 other device?
       *[other] Sign out { $count } other devices?
    }
devices-after = They lose access at once and have to sign in again. This device stays signed in.
devices-after-trust = No browser is trusted after that: each is asked for the second step at its next sign-in.
devices-button = Sign out other devices
devices-keep = Keep them
devices-one-title = Sign out { $device }?
devices-one-after = It loses access at once and has to sign in again. This device stays signed in.
devices-one-button = Sign out device
devices-one-keep = Keep it
devices-none-title = No other devices
devices-none = This is the only device that is signed in to your account.
devices-back = Back to security
