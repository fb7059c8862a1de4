# Asking for a new password by mail. The same for everybody, known or not.

password-lost-title = Neues Passwort anfordern
password-lost-lead = Wir senden Ihnen per E-Mail einen Link, über den Sie ein neues Passwort wählen. Wenn Sie sich mit einer zweiten Methode anmelden, wird sie danach trotzdem verlangt.
password-lost-button = Link senden
password-lost-other = Kein Zugriff auf meine E-Mails
