# Sign in.

login-title = Anmelden
login-button = Anmelden
login-session-ended = Ihre Sitzung ist beendet. Melden Sie sich wieder an, um fortzufahren.
login-took-too-long = Die Anmeldung hat zu lange gedauert. Fangen Sie noch einmal an.
login-forgot = Passwort vergessen?
