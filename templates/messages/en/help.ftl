# Help for people who sign in, and a few lines for whoever runs the server.

help-title = Help with sign-in and recovery
help-sections-label = On this page

help-sign-in-title = Signing in
help-sign-in = Use the email address and password of your account. After several wrong passwords you have to wait up to a minute before the next try; nothing is locked for good.
help-sign-in-ended = You are asked to sign in again after a while without activity.

help-mfa-title = What multi-factor authentication is for
help-mfa = A password can be guessed, reused or typed into a fake site. A second method, something you have, keeps the account yours even then.
help-mfa-status = The Security page says in one sentence how your account is protected.
help-mfa-app = An authenticator app shows a 6-digit code that changes every 30 seconds. If a right code is refused, the clock of the phone is usually off: let the phone set it automatically.
help-mfa-codes = Backup codes are for the day the app is out of reach. Each works once. After 5 wrong codes you have to wait 15 minutes, then longer.

help-password-title = Lost password
help-password = Passwords can't be read back by anyone, only replaced. We mail you a link for a new one; without your mailbox, an administrator of your organization can get you one.
help-password-mail = Get a new password
help-password-link = Get back into your account

help-device-title = Lost device
help-device = Sign in on another device, open Security and sign out the one you lost. It loses access at once. If it knew your password, change that too; this signs out every other device in one go.
help-device-phone = If the authenticator app was on it, sign in with a backup code and move the app to a new phone.
help-device-link = Open security

help-ask-title = Whom to ask
help-ask = First an administrator of your organization, then whoever runs this service. After your password, the page for those who can't use any of their methods has a button that asks your administrators by email. Nobody who helps you needs your password; keep it to yourself.

help-operator-title = Running the server
help-operator = These commands run on the server, also while it serves.
help-operator-link = Prints a one-time link with which that person chooses a new password. Without an address: the link for the first account.
help-operator-create = Adds a person and prints their link.
help-operator-list = Lists the accounts.
help-operator-status = Shows how an account is protected.
help-operator-reset = Removes every method of an account and signs it out everywhere.
help-operator-help = Names every command and option.
