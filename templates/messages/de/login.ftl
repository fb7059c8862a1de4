# Sign in.

login-title = Anmelden
login-button = Anmelden
login-session-ended = Ihre Sitzung ist beendet. Melden Sie sich wieder an, um fortzufahren.
login-forgot = Passwort vergessen?
