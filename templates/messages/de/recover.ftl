# Getting back in. The same for everybody, known or not.

recover-title = Zugang wiederherstellen
recover-lead = Was davon hilft, hängt davon ab, was Sie noch haben. Diese Seite ist für alle gleich.
recover-code-title = Einen Backup-Code verwenden
recover-code = Melden Sie sich mit Ihrem Passwort an. Wählen Sie auf der nächsten Seite „Backup-Code“.
recover-code-owed = Jeder der 10 Codes, die Sie gespeichert haben, funktioniert einmal.
recover-code-link = Backup-Code eingeben
recover-device-title = Ein Gerät verwenden, auf dem Sie noch angemeldet sind
recover-device = Vielleicht kennt dort der Browser oder der Passwortmanager Ihr Passwort noch; sehen Sie zuerst dort nach. Um das Passwort zu ändern, brauchen Sie auch auf diesem Gerät das aktuelle.
recover-admin-title = Einen Administrator fragen
recover-admin = Ein Administrator Ihrer Organisation oder der Betreiber dieses Dienstes kann Ihnen einen Einmal-Link für ein neues Passwort geben oder Ihre Multi-Faktor-Authentifizierung zurücksetzen. Man wird sich vergewissern, dass Sie es sind.
recover-contact-title = Kontakt für diesen Dienst
recover-sign-in = Zurück zur Anmeldung
recover-owed = Sie sind als { $email } mit Ihrem Passwort angemeldet. Ihr Konto verlangt auch eine zweite Methode, und das Passwort allein reicht nicht.
recover-owed-admin = Ein Administrator Ihrer Organisation oder der Betreiber dieses Dienstes kann Ihre Multi-Faktor-Authentifizierung zurücksetzen. Man wird sich vergewissern, dass Sie es sind.
recover-sign-out = Abmelden
recover-owed-back = Zurück zum zweiten Schritt
recover-security = Zurück zur Sicherheit
recover-ask-title = Zurücksetzen Ihrer MFA bei { $organization } anfragen
recover-ask = Die Administratoren bekommen eine E-Mail, höchstens eine am Tag, und werden sich vergewissern, dass Sie es sind.
recover-ask-button = Zurücksetzen anfragen
