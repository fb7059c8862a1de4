# The gate: multi-factor authentication is demanded and nothing usable is set up; and the reminder before that day.

setup-title = Set up multi-factor authentication
setup-lead = { $organization } requires it. You can use the rest of the service as soon as one method works.
setup-lead-from = { $organization } requires it from { $date }. It takes about two minutes.
setup-later-title = Set up multi-factor authentication soon
setup-later-after = From that day on you can't continue without it.
setup-later-now = Set it up now
setup-later = Remind me later
setup-email = We send a link to your email address. Anyone who can read your email can use it.
setup-app = An app on your phone or computer that shows a new 6-digit code every 30 seconds.
setup-passkey = Your fingerprint, face or device PIN. It can't be guessed or typed into a fake site.
setup-recommended = Recommended
setup-card-button = Set up
setup-none-title = Nothing can be set up on this server yet
setup-none = This version of { -product } has no method to offer. Ask an administrator to pause the requirement or to update the server.
setup-sign-out = Sign out
