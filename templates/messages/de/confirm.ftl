# The step-up: proving again who is there before something important.

# $action completes the sentence.
confirm-lead = Sie möchten { $action }.
confirm-button = Mit Passwort bestätigen
confirm-code-button = Mit Code bestätigen
confirm-cancel = Abbrechen

confirm-action-device = ein Gerät abmelden
confirm-action-devices = Ihre anderen Geräte abmelden
confirm-action-password = Ihr Passwort ändern
confirm-action-address = Ihre E-Mail-Adresse ändern
confirm-action-app = eine Authenticator-App einrichten
confirm-action-app-remove = Ihre Authenticator-App entfernen
confirm-action-email = den E-Mail-Link einrichten
confirm-action-email-remove = den E-Mail-Link entfernen
confirm-action-passkey = einen Passkey hinzufügen
confirm-action-passkey-name = einen Passkey umbenennen
confirm-action-passkey-remove = einen Passkey entfernen
confirm-action-codes = Backup-Codes erstellen
confirm-action-primary = Ihre bevorzugte Methode ändern
confirm-action-on = die Multi-Faktor-Authentifizierung einschalten
confirm-action-off = die Multi-Faktor-Authentifizierung ausschalten
confirm-action-requirement = ändern, was Ihre Organisation von ihren Mitgliedern verlangt
confirm-action-trust = ändern, wie lange Browsern vertraut wird
confirm-action-member-reset = die MFA eines Mitglieds zurücksetzen
confirm-action-other = eine Sicherheitseinstellung ändern
