# Account security, and the pages below it.

security-title = Security
security-sections-label = On this page

security-password-title = Password
security-password-changed = Last changed { $date }
security-password-unknown = Set when the account was created
security-password-change = Change password

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

security-activity-title = Recent activity
security-activity-purpose = Sign-ins and security changes, failures included.
security-activity-caption = Last 20 events
security-activity-all = Show all activity
