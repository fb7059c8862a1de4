# Account security, and the pages below it.

security-title = Sicherheit
security-sections-label = Auf dieser Seite

# Anderswo hat sich etwas geändert, während ein Formular der Seite offen war.
security-stale = Etwas auf dieser Seite wurde anderswo geändert.
security-stale-reload = Änderungen zeigen

security-turn-on = Einschalten
security-turn-on-after = Beim Einschalten werden alle anderen Geräte abgemeldet. Dieses bleibt angemeldet.
security-turn-off = Ausschalten
security-required-by = { $organization } verlangt MFA
security-backup-code-used = Sie haben sich mit einem Backup-Code angemeldet. Noch übrig: { $count }. Wenn Ihr Smartphone oder Passkey weg ist, entfernen Sie unten diese Methode und richten Sie eine neue ein.

# What a lost phone would leave. The ways are listed with semicolons between them.
security-forecast = Wenn Sie Ihr Smartphone verlieren, kommen Sie noch in Ihr Konto mit: { $ways }.
security-forecast-none = Wenn Sie Ihr Smartphone verlieren, kommen Sie vielleicht nicht mehr in Ihr Konto.
security-forecast-key = einem Sicherheitsschlüssel
security-forecast-passkey = einem Passkey mit Sicherung
security-forecast-passkey-maybe = einem Passkey, sofern er nicht auf diesem Smartphone ist
security-forecast-codes = Backup-Codes
security-forecast-codes-maybe = Backup-Codes, falls gespeichert
security-forecast-email-maybe = einem E-Mail-Link, wenn Sie Ihre E-Mails anderswo lesen können
# The one thing that would make it better, as a link.
security-forecast-better = So wird es sicherer: { $advice }.
security-forecast-create-codes = Backup-Codes erstellen
security-forecast-save-codes = neue Backup-Codes erstellen und speichern
security-forecast-add-passkey = einen Passkey hinzufügen
security-forecast-add-durable = einen Sicherheitsschlüssel oder einen Passkey mit Sicherung hinzufügen
security-forecast-add-email = den E-Mail-Link einrichten

# A method: since when, and when it was last used.
security-method-used = Eingeschaltet seit { $since }, zuletzt verwendet am { $used }
security-method-unused = Eingeschaltet seit { $since }, noch nicht verwendet
security-method-off = Eingerichtet am { $since }, ausgeschaltet
security-method-suspended = Nach zu vielen falschen Codes ausgeschaltet. Richten Sie die Methode neu ein, um sie zu verwenden.
security-method-not-allowed = Von diesem Dienst nicht mehr akzeptiert

security-passkeys-title = Passkeys
security-passkeys-none = Noch keine Passkeys. Mit einem Passkey melden Sie sich mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an. Er lässt sich weder erraten noch auf einer gefälschten Website eingeben.
security-passkeys-purpose = Melden Sie sich mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an, ohne Passwort.
security-passkeys-recommended = Empfohlen
security-passkeys-add = Passkey hinzufügen
security-passkeys-off = Ausgeschaltet: Bei der Anmeldung werden sie nicht verlangt.
security-passkeys-full = Sie haben { $max } Passkeys, mehr speichern wir nicht. Entfernen Sie einen, um einen weiteren hinzuzufügen.
security-passkeys-on-devices = Auf Ihren Geräten
security-passkeys-on-keys = Auf Sicherheitsschlüsseln
security-passkeys-bound = Nur dieses Gerät
security-passkeys-not-backed-up = Noch ohne Sicherung
security-passkeys-fragile = Wenn Sie dieses Gerät verlieren, verlieren Sie auch diese Passkeys. Fügen Sie auf einem anderen Gerät einen weiteren hinzu.
security-passkeys-saved-in = Gespeichert in { $provider }
security-passkeys-added = Hinzugefügt am { $date }
security-passkeys-used = Zuletzt verwendet am { $date }
security-passkeys-used-by = Zuletzt verwendet am { $date }, { $client }
security-passkeys-unused = Noch nicht verwendet
security-passkeys-after-password = Wird nach dem Passwort verwendet
security-passkeys-rename = Umbenennen
security-passkeys-remove = Entfernen

security-app-title = Authenticator-App
security-app-none = Nicht eingerichtet. Verwenden Sie eine App auf Ihrem Smartphone oder Computer, die alle 30 Sekunden einen neuen 6-stelligen Code zeigt.
security-app-set-up = Einrichten
security-app-set-up-again = Neu einrichten
security-app-turn-on = Einschalten
security-app-move = Smartphone wechseln
security-app-remove = Entfernen

security-email-title = E-Mail-Link
security-email-none = Nicht eingerichtet. Wir senden einen Link an { $address }; öffnen Sie ihn, um zu bestätigen, dass Sie es sind.
security-email-set-aside = Ihr Passwort wurde per E-Mail gesetzt. Deshalb reicht der E-Mail-Link erst wieder, wenn Sie sich mit etwas anderem angemeldet haben.

security-codes-title = Backup-Codes
security-codes-none = Keine Codes. Erstellen Sie 10 Einmal-Codes für den Tag, an dem Sie Ihre anderen Methoden nicht zur Hand haben.
security-codes-first = Das geht, sobald eine Methode eingeschaltet ist.
security-codes-left = { $left } von 10 übrig, erstellt am { $date }
security-codes-unsaved = Sie haben am { $date } Backup-Codes erstellt, aber nicht angegeben, dass sie gespeichert sind.
security-codes-create = Backup-Codes erstellen
security-codes-new = Neue Codes erstellen

security-primary-title = Bevorzugte Methode
security-primary-only = { $method } ist Ihre einzige Methode und kommt deshalb zuerst.
security-primary-of-several = Sie bestätigen Ihre Anmeldung zuerst mit { $method }.
security-primary-change = Bevorzugte Methode ändern

security-password-title = Passwort
security-password-changed = Zuletzt geändert am { $date }
security-password-unknown = Gesetzt, als das Konto erstellt wurde
security-password-change = Passwort ändern

security-address-title = E-Mail-Adresse
security-address-change = Adresse ändern

security-language-title = Sprache
security-language-browser = Wie Ihr Browser: { $language }
security-language-change = Sprache ändern

security-demand-title = Organisationen, die MFA verlangen
security-demand-since = Pflicht seit dem { $date }
security-demand-from = Pflicht ab dem { $date }
security-demand-methods = Methoden, die zählen: { $methods }

security-devices-title = Angemeldete Geräte
security-devices-purpose = Browser und Apps, die Ihr Konto jetzt verwenden können.
security-devices-this = Dieses Gerät
security-devices-unknown-browser = Unbekannter Browser
security-devices-unknown-app = App oder Skript
security-devices-signed-in = Angemeldet am { $date } mit { $proof }
security-devices-active = Zuletzt aktiv am { $date }
security-devices-ip = IP { $address }
security-devices-details = Wie es sich selbst nennt
security-devices-sign-out = Abmelden
security-devices-sign-out-others = Alle anderen Geräte abmelden
security-devices-proof-password = Passwort
security-devices-proof-trusted = Passwort, in einem vertrauenswürdigen Browser
security-devices-proof-factor = Passwort und { $factor }

# Browsers in which the password is enough for a while.
security-trusted-title = Vertrauenswürdige Browser
security-trusted-purpose = Ihr Passwort genügt, um sich mit ihnen anzumelden. Jede Änderung des Passworts oder der Methoden beendet das für alle.
security-trusted-none = Keine vertrauenswürdigen Browser. Sie werden jedes Mal nach einem zweiten Schritt gefragt.
security-trusted-until = Vertrauenswürdig bis { $date }
security-trusted-stop = Nicht mehr vertrauen

security-activity-title = Letzte Sicherheitsaktivitäten
security-activity-purpose = Anmeldungen und Änderungen an der Sicherheit, auch fehlgeschlagene.
security-activity-caption = Letzte 20 Ereignisse
security-activity-all = Alle Aktivitäten zeigen
