# Turning multi-factor authentication off, and why that may not be possible.

mfa-off-title = Turn off multi-factor authentication?
mfa-off-after = You will sign in with your password only. Your passkeys and other methods stay saved.
mfa-off-devices = All other devices are signed out; this one stays signed in.
mfa-off-button = Turn off
mfa-off-keep = Keep it on
mfa-off-refused-title = Multi-factor authentication stays on
mfa-off-refused = { $organization } requires it. You can change methods, but not turn it off.
mfa-off-back = Back to security
