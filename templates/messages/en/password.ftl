# Changing the password while signed in.

password-title = Change password
password-after = All other devices are signed out when you save. This one stays signed in.
password-button = Change password
password-keep = Keep the current one
