# The activity list: its page, its table and one past-tense sentence per recorded event.

activity-title = Security activity
activity-lead = Everything that was recorded for your account, newest first.
activity-caption = Page { $page }
activity-what = What
activity-when = When
activity-where = Where
activity-empty = Nothing yet. Sign-ins and security changes will appear here.
activity-empty-page = There is nothing on this page. Newer events are on the pages before it.
# Where something happened, when it was no browser or app.
activity-command-line = Command line on the server
activity-not-you = Something here wasn't you?
activity-not-you-action = Change your password
activity-newer = Newer
activity-older = Older
activity-pages-label = Pages
activity-back = Back to security

activity-signed-in = Signed in with password
activity-sign-in-failed = Sign-in failed: wrong password
activity-signed-out = Signed out
activity-device-signed-out = Device signed out
activity-device-signed-out-named = { $name } signed out
activity-others-signed-out = All other devices signed out
activity-confirmed = Confirmed with password
activity-confirm-failed = Confirmation failed: wrong password
activity-account-created = Account created
activity-organization-created = Organization created
activity-password-chosen = Password chosen with a one-time link
activity-password-changed = Password changed
activity-password-change-failed = Password not changed: wrong current password
activity-profile-changed = Name changed
activity-token-reused = An app was signed out: it renewed its sign-in twice with the same key
activity-link-issued = One-time password link issued
activity-mfa-reset = Multi-factor authentication reset by an administrator
activity-other = Security event { $event }
