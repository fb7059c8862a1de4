# Choosing a first or a new password with a one-time link.

password-link-title = Passwort wählen
# $email is shown in bold.
password-link-for = Für das Konto { $email }
password-link-after = Dieser Link funktioniert einmal. Melden Sie sich danach mit dem neuen Passwort an; Geräte, die jetzt angemeldet sind, werden abgemeldet.
password-link-button = Passwort speichern
