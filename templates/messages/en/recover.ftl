# Getting back in. The same for everybody, known or not.

recover-title = Get back into your account
recover-lead = Which of these helps depends on what you still have. This page is the same for everyone.
recover-code-title = Use a backup code
recover-code = Sign in with your password. On the next page, choose Backup code.
recover-code-owed = Each of the 10 codes you saved works once.
recover-code-link = Enter a backup code
recover-device-title = Use a device where you are still signed in
recover-device = Its browser or password manager may still know your password, so look there first. Changing the password needs the current one, also on that device.
recover-admin-title = Ask an administrator
recover-admin = An administrator of your organization, or whoever runs this service, can give you a one-time link for a new password, or reset your multi-factor authentication. They will want to be sure that it is you who asks.
recover-contact-title = Contact for this service
recover-sign-in = Back to sign in
recover-owed = You are signed in as { $email } with your password. Your account also asks for a second method, and the password alone is not enough.
recover-owed-admin = An administrator of your organization, or whoever runs this service, can reset your multi-factor authentication. They will want to be sure that it is you who asks.
recover-sign-out = Sign out
recover-owed-back = Back to the second step
recover-security = Back to security
recover-ask-title = Ask an administrator of { $organization } to reset your MFA
recover-ask = They get an email, at most once a day, and will want to be sure that it is you who asks.
recover-ask-button = Request a reset
