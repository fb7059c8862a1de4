# The gate: multi-factor authentication is demanded and nothing usable is set up; and the reminder before that day.

setup-title = Multi-Faktor-Authentifizierung einrichten
setup-lead = { $organization } verlangt sie. Sobald eine Methode funktioniert, können Sie den Rest des Dienstes verwenden.
setup-lead-from = { $organization } verlangt sie ab dem { $date }. Das Einrichten dauert etwa zwei Minuten.
setup-later-title = Multi-Faktor-Authentifizierung bald einrichten
setup-later-after = Ab diesem Tag geht es ohne sie nicht mehr weiter.
setup-later-now = Jetzt einrichten
setup-later = Später erinnern
setup-email = Wir senden einen Link an Ihre E-Mail-Adresse. Wer Ihre E-Mails lesen kann, kann ihn verwenden.
setup-app = Eine App auf Ihrem Smartphone oder Computer, die alle 30 Sekunden einen neuen 6-stelligen Code zeigt.
setup-passkey = Ihr Fingerabdruck, Ihr Gesicht oder die PIN Ihres Geräts. Ein Passkey lässt sich weder erraten noch auf einer gefälschten Website eingeben.
setup-recommended = Empfohlen
setup-card-button = Einrichten
setup-none-title = Auf diesem Server lässt sich noch nichts einrichten
setup-none = Diese Version von { -product } bietet keine Methode an. Sagen Sie es einem Administrator: Er kann die Vorgabe aussetzen oder den Server aktualisieren.
setup-sign-out = Abmelden
