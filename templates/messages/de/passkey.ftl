# Passkeys: what the browser's answers mean, adding, naming, removing.

# What a passkey is called when nobody says.
passkey-default = Passkey
passkey-default-security-key = Sicherheitsschlüssel
passkey-default-phone = Smartphone oder Tablet

passkey-use = Verwenden Sie den Passkey, den Sie gespeichert haben.
passkey-use-one = Verwenden Sie den Passkey, den Sie als „{ $name }“ gespeichert haben.
passkey-use-several = Verwenden Sie einen Ihrer gespeicherten Passkeys: { $names } oder { $last }.
passkey-use-button = Passkey verwenden
passkey-sign-in-button = Mit Passkey anmelden
passkey-or = oder
passkey-sign-in-script = Passkeys brauchen JavaScript. Sie können sich mit Ihrem Passwort anmelden.
passkey-script = Ihr Passkey braucht JavaScript. Hier ist ein anderer Weg.
passkey-script-alone = Ihr Passkey braucht JavaScript.
passkey-unsupported = Dieser Browser kann keine Passkeys verwenden.
passkey-unsupported-ways = Dieser Browser kann keine Passkeys verwenden. Wählen Sie unten einen anderen Weg.

# While the browser asks, and what came of it.
passkey-waiting = Warten auf Ihren Browser
passkey-cancelled = Es wurde nichts gesendet. Versuchen Sie es noch einmal oder wählen Sie unten einen anderen Weg.
passkey-address = Unter dieser Adresse funktionieren Passkeys nicht. Öffnen Sie stattdessen { $origin }.
passkey-kind = Dieses Gerät kann diese Art von Passkey nicht verwenden.
passkey-network = Wir konnten den Server nicht erreichen. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.
passkey-busy = Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.
passkey-create-cancelled = Es wurde kein Passkey hinzugefügt. Sie können es noch einmal versuchen.
passkey-create-kind = Dieses Gerät kann weder Fingerabdruck noch Gesicht noch PIN prüfen, und das ist hier für Passkeys nötig.
passkey-exists = In diesem Passwortmanager haben Sie schon einen Passkey. Er funktioniert auch auf diesem Gerät.

passkey-add-title = Einen Passkey hinzufügen
passkey-add-what = Was ist das?
passkey-add-what-answer = Ein Schlüssel, den Ihr Gerät oder Passwortmanager für Sie aufbewahrt. Sie entsperren ihn mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts, und er lässt sich weder erraten noch auf einer gefälschten Website eingeben.
passkey-add-where = Wo wird er gespeichert?
passkey-add-where-answer = In Ihrem Passwortmanager, auf diesem Gerät, auf einem Smartphone oder auf einem Sicherheitsschlüssel: Ihr Browser lässt Sie wählen.
passkey-add-where-elsewhere = Dieser Browser kann selbst keine Passkeys speichern. Sie können ein Smartphone oder einen Sicherheitsschlüssel verwenden.
passkey-add-loss = Und wenn ich mein Gerät verliere?
passkey-add-loss-answer = Ein Passkey in einem Passwortmanager ist auch auf Ihren anderen Geräten. Sonst verwenden Sie eine andere Methode oder einen Backup-Code und entfernen danach hier den verlorenen Passkey.
passkey-add-before = Ihr Browser fragt jetzt nach Ihrer Bestätigung.
passkey-first-after = Das schaltet die Multi-Faktor-Authentifizierung ein. Alle anderen Geräte werden abgemeldet; dieses bleibt angemeldet.
passkey-add-button = Passkey hinzufügen
passkey-key-title = Sicherheitsschlüssel
passkey-key-lead = Auf einem Sicherheitsschlüssel ist nur Platz für wenige Passkeys. So hinzugefügt, verbraucht er keinen Platz und wird nach dem Passwort verwendet.
passkey-key-button = Schlüssel hinzufügen
passkey-add-script = Um einen Passkey hinzuzufügen, braucht der Browser JavaScript.
passkey-add-app = Stattdessen Authenticator-App einrichten

passkey-name-title = Ihren Passkey benennen
passkey-name = Name
passkey-name-hint = Etwas, woran Sie ihn wiedererkennen, zum Beispiel „Arbeitslaptop“.
passkey-name-button = Namen speichern
passkey-name-keep = Namen behalten

passkey-remove-title = „{ $name }“ entfernen?
passkey-remove-after = Sie können sich damit nicht mehr anmelden. Löschen Sie ihn auch in { $provider }; sonst bietet Ihr Browser ihn vielleicht weiter an.
passkey-remove-after-unknown = Sie können sich damit nicht mehr anmelden. Löschen Sie ihn auch in Ihrem Passwortmanager; sonst bietet Ihr Browser ihn vielleicht weiter an.
passkey-remove-after-key = Sie können sich damit nicht mehr anmelden. Der Sicherheitsschlüssel selbst funktioniert weiter für andere Konten.
passkey-remove-left-passkey = Passkey „{ $name }“
passkey-remove-next = Danach bestätigen Sie Ihre Anmeldung stattdessen mit { $method }. Passkeys sind hier die einzige Methode, die vor gefälschten Websites schützt.
passkey-remove-button = Passkey entfernen
passkey-remove-last = „{ $name }“ ist Ihre einzige Methode. Das Entfernen schaltet MFA aus; dann reicht das Passwort allein.
passkey-remove-refused-title = „{ $name }“ bleibt
