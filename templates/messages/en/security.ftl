# Account security, and the pages below it.

security-title = Security
security-sections-label = On this page

# Something changed elsewhere while a form on the page was open.
security-stale = Something on this page has changed elsewhere.
security-stale-reload = Show the changes

security-turn-on = Turn on
security-turn-on-after = Turning it on signs out all other devices. This one stays signed in.
security-turn-off = Turn off
security-required-by = Required by { $organization }
security-backup-code-used = You signed in with a backup code. { $count } left. If your phone or passkey is gone, remove it below and add a new one.

# What a lost phone would leave. The ways are listed with semicolons between them.
security-forecast = If you lost your phone, you could still get in with: { $ways }.
security-forecast-none = If you lost your phone, you might not get back in.
security-forecast-key = a security key
security-forecast-passkey = a passkey that is backed up
security-forecast-passkey-maybe = a passkey, unless it is on that phone
security-forecast-codes = backup codes
security-forecast-codes-maybe = backup codes, if you saved them
security-forecast-email-maybe = an email link, if you can read your email elsewhere
# The one thing that would make it better, as a link.
security-forecast-better = To be safer, { $advice }.
security-forecast-create-codes = create backup codes
security-forecast-save-codes = create new backup codes and save them
security-forecast-add-passkey = add a passkey
security-forecast-add-durable = add a security key or a passkey that is backed up
security-forecast-add-email = set up the email link

# A method: since when, and when it was last used.
security-method-used = On since { $since }, last used { $used }
security-method-unused = On since { $since }, not used yet
security-method-off = Set up { $since }, switched off
security-method-suspended = Switched off after too many wrong codes. Set it up again to use it.
security-method-not-allowed = No longer accepted by this service

security-passkeys-title = Passkeys
security-passkeys-none = No passkeys yet. A passkey lets you sign in with your fingerprint, face or device PIN. It can't be guessed or typed into a fake site.
security-passkeys-purpose = Sign in with your fingerprint, face or device PIN, without your password.
security-passkeys-recommended = Recommended
security-passkeys-add = Add passkey
security-passkeys-off = Switched off: you are not asked for them when you sign in.
security-passkeys-full = You have { $max } passkeys, the most we keep. Remove one to add another.
security-passkeys-on-devices = On your devices
security-passkeys-on-keys = On security keys
security-passkeys-bound = This device only
security-passkeys-not-backed-up = Not backed up yet
security-passkeys-fragile = Lose this device and you lose these passkeys. Add another on a different device.
security-passkeys-saved-in = Saved in { $provider }
security-passkeys-added = Added { $date }
security-passkeys-used = Last used { $date }
security-passkeys-used-by = Last used { $date }, { $client }
security-passkeys-unused = Not used yet
security-passkeys-after-password = Used after your password
security-passkeys-rename = Rename
security-passkeys-remove = Remove

security-app-title = Authenticator app
security-app-none = Not set up. Use an app on your phone or computer that shows a new 6-digit code every 30 seconds.
security-app-set-up = Set up
security-app-set-up-again = Set up again
security-app-turn-on = Turn on
security-app-move = Move to a new phone
security-app-remove = Remove

security-email-title = Email link
security-email-none = Not set up. We send a link to { $address }; open it to confirm it's you.
security-email-set-aside = Your password was set by email, so this is not accepted until you sign in with something else.

security-codes-title = Backup codes
security-codes-none = No codes. Create 10 single-use codes for the day your other methods are out of reach.
security-codes-first = You can create them once a method is on.
security-codes-left = { $left } of 10 left, created { $date }
security-codes-unsaved = You created backup codes on { $date } but did not say you saved them.
security-codes-create = Create backup codes
security-codes-new = Create new codes

security-primary-title = Primary method
security-primary-only = { $method } is your only method, so it comes first.
security-primary-of-several = We ask for { $method } first.
security-primary-change = Change primary method

security-password-title = Password
security-password-changed = Last changed { $date }
security-password-unknown = Set when the account was created
security-password-change = Change password

security-address-title = Email address
security-address-change = Change address

security-language-title = Language
security-language-browser = As your browser asks: { $language }
security-language-change = Change language

security-demand-title = Organizations that require MFA
security-demand-since = Required since { $date }
security-demand-from = Required from { $date }
security-demand-methods = Methods that count: { $methods }

security-devices-title = Signed-in devices
security-devices-purpose = Browsers and apps that can use your account now.
security-devices-this = This device
security-devices-unknown-browser = Unknown browser
security-devices-unknown-app = App or script
security-devices-signed-in = Signed in { $date } with { $proof }
security-devices-active = Last active { $date }
security-devices-ip = IP { $address }
security-devices-details = What it calls itself
security-devices-sign-out = Sign out
security-devices-sign-out-others = Sign out all other devices
security-devices-proof-password = password
security-devices-proof-trusted = password, in a trusted browser
security-devices-proof-factor = password and { $factor }

# Browsers in which the password is enough for a while.
security-trusted-title = Trusted browsers
security-trusted-purpose = Your password is enough to sign in with them. Any change of your password or methods stops trusting all of them.
security-trusted-none = No trusted browsers. You are asked for a second step every time.
security-trusted-until = Trusted until { $date }
security-trusted-stop = Stop trusting

security-activity-title = Recent security activity
security-activity-purpose = Sign-ins and security changes, failures included.
security-activity-caption = Last 20 events
security-activity-all = Show all activity
