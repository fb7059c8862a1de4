# What second factors are called: in a list, inside a sentence, and in one line of help.

method-app-name = Authenticator-App
method-email-name = E-Mail-Link
method-passkey-name = Passkey
method-code-name = Backup-Code

method-app = Authenticator-App
method-email = E-Mail-Link
method-passkey = Passkey

# After "password and".
method-app-noun = Authenticator-App
method-email-noun = E-Mail-Link
method-passkey-noun = Passkey
method-code-noun = Backup-Code

method-app-help = Ein 6-stelliger Code aus der App auf Ihrem Smartphone oder Computer
method-email-help = Ein Link, der an Ihre E-Mail-Adresse gesendet wird
method-passkey-help = Ihr Fingerabdruck, Ihr Gesicht oder die PIN Ihres Geräts
method-code-help = Einer der 10 Einmal-Codes, die Sie gespeichert haben
