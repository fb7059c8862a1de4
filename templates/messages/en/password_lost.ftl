# Asking for a new password by mail. The same for everybody, known or not.

password-lost-title = Get a new password
password-lost-lead = We mail you a link with which you choose one. If you use a second method to sign in, you are still asked for that afterwards.
password-lost-button = Send link
password-lost-other = I can't read my email
