# Labels, hints and problems that more than one form shares.

form-email = E-Mail-Adresse
form-password = Passwort
form-new-email = Neue E-Mail-Adresse
form-new-password = Neues Passwort
form-current-password = Aktuelles Passwort
form-organization = Name der Organisation
form-first-name = Vorname
form-last-name = Nachname
form-show-password = Passwort zeigen

# $min is the smallest number of characters.
form-password-hint = Mindestens { $min } Zeichen. Vier oder fünf Wörter ohne Zusammenhang ergeben ein starkes Passwort; Leerzeichen zählen mit.

form-problem-page-old = Diese Seite war zu lange offen. Prüfen Sie die Angaben und versuchen Sie es noch einmal.
form-problem-busy = Der Dienst ist ausgelastet. Warten Sie einige Sekunden und versuchen Sie es noch einmal.
form-problem-email-empty = Geben Sie Ihre E-Mail-Adresse ein
form-problem-email-format = Geben Sie eine E-Mail-Adresse im Format name@example.com ein
form-problem-email-same = Das ist schon Ihre E-Mail-Adresse. Geben Sie die neue ein.
form-problem-password-empty = Geben Sie Ihr Passwort ein
form-problem-wrong-pair = Prüfen Sie E-Mail-Adresse und Passwort und versuchen Sie es noch einmal
form-problem-wrong-password = Dieses Passwort stimmt nicht. Versuchen Sie es noch einmal.
form-problem-throttled = Zu viele Versuche. Versuchen Sie es nach { $time } noch einmal.
form-problem-sign-in-throttled = Zu viele Versuche. Versuchen Sie es nach { $time } noch einmal oder setzen Sie Ihr Passwort zurück.
form-problem-new-password-empty = Geben Sie ein neues Passwort ein
form-problem-new-password-short = Das neue Passwort muss mindestens { $min } Zeichen haben
form-problem-new-password-long = Das neue Passwort darf höchstens { $max } Zeichen haben
form-problem-new-password-common = Viele verwenden dieses Passwort, deshalb ist es leicht zu erraten. Wählen Sie ein anderes.
form-problem-new-password-personal = Dieses Passwort ist ein Name oder eine Adresse, die andere von Ihnen kennen. Wählen Sie ein anderes.
form-problem-new-password-same = Wählen Sie ein Passwort, das sich vom aktuellen unterscheidet
form-problem-current-password-empty = Geben Sie Ihr aktuelles Passwort ein
form-problem-current-password-wrong = Das ist nicht Ihr aktuelles Passwort. Versuchen Sie es noch einmal.
form-problem-organization-empty = Geben Sie den Namen Ihrer Organisation ein
form-problem-organization-long = Der Name der Organisation darf höchstens { $max } Zeichen haben
form-problem-first-name-empty = Geben Sie Ihren Vornamen ein
form-problem-first-name-long = Der Vorname darf höchstens { $max } Zeichen haben
form-problem-last-name-empty = Geben Sie Ihren Nachnamen ein
form-problem-last-name-long = Der Nachname darf höchstens { $max } Zeichen haben

form-problem-app-code-empty = Geben Sie den Code aus Ihrer Authenticator-App ein
form-problem-app-code-length = Geben Sie alle 6 Ziffern des Codes ein
form-problem-app-code-letters = Der Code besteht nur aus Ziffern
form-problem-app-code-wrong = Dieser Code stimmt nicht. Codes wechseln alle 30 Sekunden; geben Sie den neuesten ein.
# Before one of the sentences about the clock.
form-problem-app-code-off = Dieser Code stimmt nicht.
form-problem-app-code-spent = Dieser Code wurde schon verwendet. Warten Sie auf den nächsten.
form-problem-clock-suspect = Wenn es weiter nicht klappt, prüfen Sie, ob die Uhr Ihres Smartphones automatisch gestellt wird.
form-problem-clock-behind = { $count ->
        [one] Die Uhr Ihres Smartphones geht etwa 1 Minute nach. Schalten Sie die automatische Zeiteinstellung ein und geben Sie dann den neuesten Code ein.
       *[other] Die Uhr Ihres Smartphones geht etwa { $count } Minuten nach. Schalten Sie die automatische Zeiteinstellung ein und geben Sie dann den neuesten Code ein.
    }
form-problem-clock-ahead = { $count ->
        [one] Die Uhr Ihres Smartphones geht etwa 1 Minute vor. Schalten Sie die automatische Zeiteinstellung ein und geben Sie dann den neuesten Code ein.
       *[other] Die Uhr Ihres Smartphones geht etwa { $count } Minuten vor. Schalten Sie die automatische Zeiteinstellung ein und geben Sie dann den neuesten Code ein.
    }
form-problem-backup-code-empty = Geben Sie einen Ihrer Backup-Codes ein
form-problem-backup-code-length = Geben Sie alle 10 Buchstaben und Ziffern des Backup-Codes ein
form-problem-backup-code-wrong = Dieser Backup-Code stimmt nicht. Achten Sie auf Buchstaben, die sich ähnlich sehen.
form-problem-backup-code-spent = Dieser Backup-Code wurde schon verwendet. Nehmen Sie einen anderen.
form-problem-backup-code-not-enough = Ein Backup-Code reicht hierfür nicht. Verwenden Sie eine andere Methode.
form-problem-mail-code-empty = Geben Sie den Code aus der E-Mail ein
form-problem-mail-code-wrong = Dieser Code stimmt nicht. Verwenden Sie die neueste E-Mail.
form-problem-mail-code-spent = Dieser Code funktioniert nicht mehr. Verwenden Sie die neueste E-Mail oder senden Sie noch eine.
form-problem-mail-code-over = Dieser Code funktioniert nicht mehr. Senden Sie noch eine E-Mail.
form-problem-mail-too-soon = Nach { $time } können Sie einen weiteren Link anfordern.
form-problem-mail-unavailable = Die E-Mail konnte nicht gesendet werden. Versuchen Sie es in einer Minute noch einmal oder wählen Sie einen anderen Weg.
form-problem-passkey-unknown = Dieser Passkey ist hier nicht mehr registriert. Melden Sie sich anders an und fügen Sie dann einen neuen hinzu.
form-problem-passkey-refused = Dieser Passkey ließ sich nicht prüfen. Versuchen Sie es noch einmal oder verwenden Sie Ihr Passwort.
form-problem-passkey-refused-here = Dieser Passkey ließ sich nicht prüfen. Versuchen Sie es noch einmal oder wählen Sie unten einen anderen Weg.
form-problem-passkey-not-added = Der Passkey ließ sich nicht prüfen und wurde deshalb nicht hinzugefügt.
form-problem-passkeys-full = Sie haben { $max } Passkeys, mehr speichern wir nicht. Entfernen Sie zuerst einen.
form-problem-passkey-name-empty = Geben Sie einen Namen ein
form-problem-passkey-name-long = Der Name darf höchstens { $max } Zeichen haben
form-problem-passkey-name-taken = Einer Ihrer Passkeys heißt schon „{ $name }“
form-problem-tries-left = { $count ->
        [one] Sie haben noch 1 Versuch.
       *[other] Sie haben noch { $count } Versuche.
    }
form-problem-codes-suspended = Codes sind für dieses Konto ausgeschaltet, weil zu viele falsche eingegeben wurden. Ein Administrator kann Ihnen wieder Zugang geben.

form-problem-date-format = Geben Sie den Tag ein, zum Beispiel 2027-01-31
form-problem-date-over = Dieser Tag ist vorbei. Geben Sie den aktuellen oder einen späteren Tag ein.
form-problem-date-far = Geben Sie einen Tag innerhalb der nächsten zwei Jahre ein
form-problem-extra-days = Geben Sie eine Anzahl von Tagen zwischen 0 und { $max } ein
form-problem-no-method-counts = Wählen Sie mindestens eine Methode
form-problem-own-factor-needed = Richten Sie zuerst für Ihr eigenes Konto MFA ein, mit einer Methode, die zählt.
form-problem-reason-empty = Geben Sie den Grund ein
form-problem-reason-odd = Der Grund enthält Zeichen, die sich nicht anzeigen lassen. Verwenden Sie Buchstaben, Ziffern und Satzzeichen.
form-problem-outdated = Dieses Mitglied hat sich geändert, seit Sie die Seite geöffnet haben. Sehen Sie nach, was jetzt entfernt würde, und entscheiden Sie neu.
form-problem-reason-long = Der Grund darf höchstens { $max } Zeichen haben
form-problem-confirm-address = Das ist nicht die Adresse dieses Mitglieds. Geben Sie { $address } ein.
