# Turning multi-factor authentication off, and why that may not be possible.

mfa-off-title = Multi-Faktor-Authentifizierung ausschalten?
mfa-off-after = Sie melden sich dann nur noch mit Ihrem Passwort an. Ihre Passkeys und anderen Methoden bleiben gespeichert.
mfa-off-devices = Alle anderen Geräte werden abgemeldet; dieses bleibt angemeldet.
mfa-off-button = Ausschalten
mfa-off-keep = MFA behalten
mfa-off-refused-title = Die Multi-Faktor-Authentifizierung bleibt eingeschaltet
mfa-off-refused = { $organization } verlangt sie. Sie können Methoden ändern, aber MFA nicht ausschalten.
mfa-off-back = Zurück zur Sicherheit
