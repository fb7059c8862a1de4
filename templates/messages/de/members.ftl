# The members of an organization: the list, one of them, and resetting one.

members-title = Mitglieder
members-back = Sicherheit der Organisation
members-filters-label = Filter
members-all = Alle
members-on = Ein
members-off = Aus
members-no-codes = Keine Backup-Codes
members-search = Suche
members-search-hint = Der Anfang einer E-Mail-Adresse, eines Vor- oder Nachnamens
members-search-button = Mitglieder suchen
members-caption = Mitglieder nach E-Mail-Adresse
members-name = Name
members-mfa = MFA
members-methods = Methoden
members-last-sign-in = Letzte Anmeldung
members-action = Aktion
members-manage = Verwalten
members-never = Nie
members-empty = Keine Mitglieder gefunden.
members-clear = Filter löschen
members-file = Diese Liste herunterladen (CSV)
members-pages-label = Seiten
members-previous = Zurück
members-next = Weiter

members-state-on = Ein
members-state-off = Aus
members-state-by = Einrichten bis { $date }
members-state-reset = Zurückgesetzt { $date }

member-back = Mitglieder
member-methods-title = Methoden
member-methods-none = Es ist keine Methode eingerichtet.
member-passkey = Passkey „{ $name }“
member-since = Seit { $date }
member-used = Zuletzt verwendet am { $date }
member-not-used = Noch nicht verwendet
member-switched-off = Ausgeschaltet
member-codes = { $count ->
        [0] Keine Backup-Codes mehr übrig.
        [one] Noch 1 Backup-Code übrig.
       *[other] Noch { $count } Backup-Codes übrig.
    }
member-codes-none = Keine Backup-Codes.
member-role = Rolle
member-role-user = Mitglied
member-role-billing = Abrechnung
member-role-workspaces = Arbeitsbereiche
member-role-administrator = Administrator
member-role-owner = Inhaber
member-email = E-Mail
member-last-sign-in = Letzte Anmeldung
member-activity-title = Aktivität
member-activity-caption = Seite { $page }, ohne Adressen
member-activity-empty = Noch nichts.
member-reset-title = MFA zurücksetzen
member-reset = Für jemanden, der sich auf keinem Weg mehr ausweisen kann. Entfernt alle Methoden und Backup-Codes und meldet die Person überall ab.
member-reset-link = MFA zurücksetzen
member-reset-oneself = Sich selbst können Sie nicht zurücksetzen. Fragen Sie einen anderen Administrator.
member-reset-owner = Nur ein Inhaber kann einen Inhaber zurücksetzen.
member-reset-nothing = Es gibt nichts zurückzusetzen: Es ist keine Methode eingerichtet.

reset-title = MFA von { $name } zurücksetzen?
reset-check = Prüfen Sie, wer fragt: Rufen Sie unter einer Nummer zurück, die Sie schon kennen.
reset-passkeys = { $count ->
        [one] 1 Passkey
       *[other] { $count } Passkeys
    }
reset-app = die Authenticator-App
reset-email = den E-Mail-Link
reset-codes = { $count ->
        [one] 1 Backup-Code
       *[other] { $count } Backup-Codes
    }
reset-and = { $first } und { $last }
reset-after = { $count ->
        [0] Damit entfernen Sie { $things }. Die Person ist auf keinem Gerät angemeldet.
        [one] Damit entfernen Sie { $things }. Die Person wird auf 1 Gerät abgemeldet.
       *[other] Damit entfernen Sie { $things }. Die Person wird auf { $count } Geräten abgemeldet.
    }
reset-trust = { $count ->
        [one] Außerdem gilt 1 Browser nicht mehr als vertrauenswürdig.
       *[other] Außerdem gelten { $count } Browser nicht mehr als vertrauenswürdig.
    }
reset-next-required = Bei der nächsten Anmeldung muss sie MFA neu einrichten.
reset-next = Nach einer Anmeldung mit Passwort kann sie MFA neu einrichten.
reset-reason = Grund
reset-reason-hint = Wird im Protokoll der Aktivitäten gespeichert
reset-confirm = Geben Sie zur Bestätigung { $email } ein
reset-button = MFA zurücksetzen
reset-keep = MFA behalten
