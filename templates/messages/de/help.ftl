# Help for people who sign in, and a few lines for whoever runs the server.

help-title = Hilfe zu Anmeldung und Wiederherstellung
help-sections-label = Auf dieser Seite

help-sign-in-title = Anmelden
help-sign-in = Verwenden Sie die E-Mail-Adresse und das Passwort Ihres Kontos. Nach mehreren falschen Passwörtern müssen Sie bis zum nächsten Versuch bis zu einer Minute warten; auf Dauer gesperrt wird nichts.
help-sign-in-ended = Nach einiger Zeit ohne Aktivität müssen Sie sich neu anmelden.

help-mfa-title = Wozu Multi-Faktor-Authentifizierung gut ist
help-mfa = Ein Passwort kann erraten, mehrfach verwendet oder auf einer gefälschten Website eingegeben werden. Eine zweite Methode, etwas, das Sie haben, schützt Ihr Konto auch dann.
help-mfa-status = Die Seite „Sicherheit“ sagt in einem Satz, wie Ihr Konto geschützt ist.
help-mfa-app = Eine Authenticator-App zeigt einen 6-stelligen Code, der alle 30 Sekunden wechselt. Wenn ein richtiger Code abgelehnt wird, geht meist die Uhr des Smartphones falsch: Schalten Sie dort die automatische Zeiteinstellung ein.
help-mfa-codes = Backup-Codes sind für den Tag, an dem Sie die App nicht zur Hand haben. Jeder funktioniert einmal. Nach 5 falschen Codes müssen Sie 15 Minuten warten, danach länger.

help-password-title = Passwort verloren
help-password = Niemand kann Passwörter auslesen, man kann sie nur ersetzen. Wir senden Ihnen per E-Mail einen Link für ein neues; ohne Zugang zu Ihrem Postfach kann Ihnen ein Administrator Ihrer Organisation zu einem neuen verhelfen.
help-password-mail = Neues Passwort anfordern
help-password-link = Zugang wiederherstellen

help-device-title = Gerät verloren
help-device = Melden Sie sich auf einem anderen Gerät an, öffnen Sie „Sicherheit“ und melden Sie das verlorene Gerät ab. Es verliert sofort den Zugang. Wenn Ihr Passwort darauf gespeichert war, ändern Sie es auch; das meldet alle anderen Geräte auf einmal ab.
help-device-phone = Wenn die Authenticator-App darauf war, melden Sie sich mit einem Backup-Code an und richten Sie die App über „Smartphone wechseln“ auf einem neuen ein.
help-device-link = Sicherheit öffnen

help-ask-title = Wen Sie fragen können
help-ask = Zuerst einen Administrator Ihrer Organisation, dann den Betreiber dieses Dienstes. Wenn Sie nach dem Passwort keine Ihrer Methoden verwenden können, wählen Sie „Ich kann nichts davon verwenden“: Dort gibt es eine Schaltfläche, die Ihre Administratoren per E-Mail fragt. Wer Ihnen hilft, braucht Ihr Passwort nicht; behalten Sie es für sich.

help-operator-title = Den Server betreiben
help-operator = Diese Befehle laufen auf dem Server, auch im laufenden Betrieb.
help-operator-link = Gibt einen Einmal-Link aus, über den die Person ein neues Passwort wählt. Ohne Adresse: der Link für das erste Konto.
help-operator-create = Fügt eine Person hinzu und gibt ihren Link aus.
help-operator-list = Listet die Konten auf.
help-operator-status = Zeigt, wie ein Konto geschützt ist.
help-operator-reset = Entfernt alle Methoden eines Kontos und meldet es überall ab.
help-operator-help = Nennt alle Befehle und Optionen.
