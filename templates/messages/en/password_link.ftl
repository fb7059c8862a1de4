# Choosing a first or a new password with a one-time link.

password-link-title = Choose a password
# $email is shown in bold.
password-link-for = For the account { $email }
password-link-after = This link works once. Afterwards, sign in with the new password; devices that are signed in now are signed out.
password-link-button = Save password
