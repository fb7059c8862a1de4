# Changing the password while signed in.

password-title = Passwort ändern
password-after = Alle anderen Geräte werden beim Speichern abgemeldet. Dieses bleibt angemeldet.
password-button = Passwort ändern
password-keep = Das jetzige behalten
