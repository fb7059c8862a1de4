# The second step: at sign-in, and again before something important.

verify-title = Bestätigen Sie, dass Sie es sind
# $email is shown in bold.
verify-signed-in = Angemeldet als { $email }.
verify-not-you = Nicht Sie?
verify-other-account = Anderes Konto verwenden
verify-app-label = Code aus Ihrer Authenticator-App
verify-app-hint = 6 Ziffern, wechselt alle 30 Sekunden
verify-code-hint = Einer der Codes, die Sie gespeichert haben, zum Beispiel 7K3QM-9XW2T
verify-trust = { $count ->
        [one] Diesem Browser 1 Tag lang vertrauen
       *[other] Diesem Browser { $count } Tage lang vertrauen
    }
verify-trust-hint = Bis dahin genügt Ihr Passwort, um sich mit ihm anzumelden. Eine Änderung des Passworts oder der Methoden beendet das.
verify-button = Anmelden
verify-others-title = Andere Wege
verify-none = Ich kann nichts davon verwenden
verify-suspended = Codes sind für dieses Konto ausgeschaltet, weil zu viele falsche eingegeben wurden. Ein Administrator kann Ihnen wieder Zugang geben.
verify-suspended-action = Zugang wiederherstellen
