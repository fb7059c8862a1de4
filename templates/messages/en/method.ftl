# What second factors are called: in a list, inside a sentence, and in one line of help.

method-app-name = Authenticator app
method-email-name = Email link
method-passkey-name = Passkey
method-code-name = Backup code

method-app = an authenticator app
method-email = an email link
method-passkey = a passkey

# After "password and".
method-app-noun = authenticator app
method-email-noun = email link
method-passkey-noun = passkey
method-code-noun = backup code

method-app-help = A 6-digit code from the app on your phone or computer
method-email-help = A link sent to your email address
method-passkey-help = Your fingerprint, face or device PIN
method-code-help = One of the 10 single-use codes you saved
