# The activity list: its page, its table and one past-tense sentence per recorded event.

activity-title = Sicherheitsaktivitäten
activity-lead = Alles, was zu Ihrem Konto aufgezeichnet wurde, das Neueste zuerst.
activity-caption = Seite { $page }
activity-what = Was
activity-when = Wann
activity-where = Wo
activity-empty = Noch nichts. Anmeldungen und Änderungen an der Sicherheit erscheinen hier.
activity-empty-page = Auf dieser Seite ist nichts. Neuere Ereignisse stehen auf den Seiten davor.
# Where something happened, when it was no browser or app.
activity-command-line = Befehlszeile auf dem Server
activity-not-you = Etwas davon waren nicht Sie?
activity-not-you-action = Passwort ändern
activity-newer = Neuere
activity-older = Ältere
activity-pages-label = Seiten
activity-back = Zurück zur Sicherheit

activity-signed-in = Mit Passwort angemeldet
activity-signed-in-trust = Mit Passwort in einem vertrauenswürdigen Browser angemeldet
activity-new-device = Neues Gerät: Dazu wurde eine E-Mail gesendet
activity-unfinished = Anmeldung nicht abgeschlossen: Der zweite Schritt blieb aus
activity-password-accepted = Passwort angenommen, zweiter Schritt verlangt
activity-signed-in-app = Mit Authenticator-App angemeldet
activity-signed-in-code = Mit Backup-Code angemeldet
activity-signed-in-email = Mit E-Mail-Link angemeldet
activity-email-sent = Link zur Anmeldung per E-Mail gesendet
activity-signed-in-code-left = Mit Backup-Code angemeldet, noch { $count } übrig
activity-signed-in-passkey = Mit Passkey angemeldet
activity-signed-in-passkey-named = Mit Passkey „{ $name }“ angemeldet
activity-confirmed-passkey = Mit Passkey bestätigt
activity-confirmed-passkey-named = Mit Passkey „{ $name }“ bestätigt
activity-passkey-refused = Passkey abgelehnt: Er ließ sich nicht prüfen
activity-passkey-counter = Passkey abgelehnt: Er wurde vielleicht kopiert
activity-passkey-added = Passkey „{ $name }“ hinzugefügt
activity-passkey-not-added = Passkey nicht hinzugefügt: Er ließ sich nicht prüfen
activity-passkey-renamed = Passkey in „{ $name }“ umbenannt
activity-passkey-removed = Passkey „{ $name }“ entfernt
activity-sign-in-failed = Anmeldung fehlgeschlagen: falsches Passwort
activity-signed-out = Abgemeldet
activity-device-signed-out = Gerät abgemeldet
activity-device-signed-out-named = { $name } abgemeldet
activity-others-signed-out = Alle anderen Geräte abgemeldet
activity-trust-given = { $count ->
        [one] Browser gilt 1 Tag lang als vertrauenswürdig
       *[other] Browser gilt { $count } Tage lang als vertrauenswürdig
    }
activity-trust-ended = Ein Browser gilt nicht mehr als vertrauenswürdig
activity-trust-ended-named = { $name } gilt nicht mehr als vertrauenswürdig
activity-trust-ended-all = Kein Browser gilt mehr als vertrauenswürdig
activity-trust-copied = Ein Browser gilt nicht mehr als vertrauenswürdig: Was er aufbewahrt, wurde vielleicht kopiert
activity-trust-copied-named = { $name } gilt nicht mehr als vertrauenswürdig: Was der Browser aufbewahrt, wurde vielleicht kopiert
activity-confirmed = Mit Passwort bestätigt
activity-confirmed-app = Mit Authenticator-App bestätigt
activity-confirmed-code = Mit Backup-Code bestätigt
activity-confirmed-email = Mit E-Mail-Link bestätigt
activity-confirmed-code-left = Mit Backup-Code bestätigt, noch { $count } übrig
activity-confirm-failed = Bestätigung fehlgeschlagen: falsches Passwort
activity-account-created = Konto erstellt
activity-organization-created = Organisation erstellt
activity-password-chosen = Passwort über einen Einmal-Link gewählt
activity-password-changed = Passwort geändert
activity-password-change-failed = Passwort nicht geändert: aktuelles Passwort falsch
activity-profile-changed = Name geändert
activity-language-changed = Sprache geändert
activity-token-reused = Eine App wurde abgemeldet: Sie hat ihre Anmeldung zweimal mit demselben Schlüssel erneuert
activity-link-issued = Einmal-Link für ein Passwort ausgestellt
activity-link-refused = Link für ein Passwort angefordert und nicht gesendet
activity-address-asked = Link für eine neue E-Mail-Adresse angefordert
activity-address-changed = E-Mail-Adresse in { $address } geändert
activity-mfa-on = Multi-Faktor-Authentifizierung eingeschaltet
activity-mfa-off = Multi-Faktor-Authentifizierung ausgeschaltet
activity-mfa-reset = Multi-Faktor-Authentifizierung von einem Administrator zurückgesetzt
activity-mfa-reset-named = Multi-Faktor-Authentifizierung von { $name } als Administrator zurückgesetzt
activity-mfa-reset-by-holder = Multi-Faktor-Authentifizierung selbst zurückgesetzt
activity-app-code-wrong = Falscher Code der Authenticator-App
activity-app-code-spent = Code der Authenticator-App abgelehnt: schon verwendet
activity-email-code-wrong = Falscher Code aus einer E-Mail
activity-email-code-spent = Code aus einer E-Mail abgelehnt: nicht mehr in Gebrauch
activity-backup-code-wrong = Falscher Backup-Code
activity-backup-code-spent = Backup-Code abgelehnt: schon verwendet
activity-codes-locked = Codes nach zu vielen falschen für einige Zeit gesperrt
activity-codes-suspended = Codes nach viel zu vielen falschen ausgeschaltet
activity-set-up-started = Einrichtung begonnen: { $method }
activity-method-enabled = { $method } eingeschaltet
activity-method-disabled = { $method } ausgeschaltet
activity-method-removed = { $method } entfernt
activity-primary-changed = Bevorzugte Methode geändert
activity-primary-changed-to = Bevorzugte Methode geändert: jetzt { $method }
activity-backup-codes-created = Backup-Codes erstellt
activity-refused = Abgelehnt: Die Rolle erlaubt es nicht
activity-enforce-on = Multi-Faktor-Authentifizierung für die Organisation ab dem { $date } verlangt ({ $methods }; zusätzliche Tage: { $days })
activity-enforce-off = Multi-Faktor-Authentifizierung für die Organisation nicht mehr verlangt
activity-recommended = Multi-Faktor-Authentifizierung der Organisation empfohlen
activity-organization-renamed = Organisation in { $name } umbenannt
activity-trust-days = { $count ->
        [0] Mitglieder können Browsern nicht mehr vertrauen
        [one] Mitglieder können einem Browser 1 Tag lang vertrauen
       *[other] Mitglieder können einem Browser { $count } Tage lang vertrauen
    }
activity-member-reset = Multi-Faktor-Authentifizierung eines Mitglieds zurückgesetzt ({ $member })
activity-reset-asked = Zurücksetzen der Multi-Faktor-Authentifizierung bei den Administratoren angefragt
activity-role-changed = Rolle in { $role } geändert
activity-member-changed = Mitglied geändert: { $member }
activity-member-removed = Mitglied entfernt: { $member }
activity-other = Sicherheitsereignis { $event }
