# One badge and one sentence for each state of an account's multi-factor authentication.

status-badge-needed = Einrichtung nötig
status-badge-by = Einrichten bis { $date }
status-badge-off = Aus
status-badge-on = Ein
status-badge-on-required = Ein, Pflicht

status-needed = { $organization } verlangt MFA. Richten Sie eine Methode ein, um fortzufahren.
status-password-only = Ihr Konto ist nur durch ein Passwort geschützt.
status-saved = { $count ->
        [one] 1 Methode ist gespeichert, wird bei der Anmeldung aber nicht verlangt.
       *[other] { $count } Methoden sind gespeichert, werden bei der Anmeldung aber nicht verlangt.
    }
status-one-way = Sie haben nur einen Weg, sich anzumelden.
status-required = Sie können Methoden ändern, aber { $organization } erlaubt nicht, MFA auszuschalten.
status-on = Nach dem Passwort bestätigen Sie mit { $primary }, dass Sie es sind.

status-your-administrator = Ihr Administrator
status-by-your-administrator = Ihr Administrator

status-notice-deadline = { $organization } verlangt MFA ab dem { $date }.
status-notice-deadline-set-up = { $organization } verlangt MFA ab dem { $date }. Richten Sie MFA jetzt ein; das dauert etwa zwei Minuten.
status-notice-recommended = { $organization } empfiehlt MFA.
status-notice-recommended-set-up = { $organization } empfiehlt MFA. Das Einrichten dauert etwa zwei Minuten.
status-notice-one-way = Wenn Sie Ihre einzige Methode verlieren, verlieren Sie den Zugang. Fügen Sie eine zweite hinzu oder erstellen Sie Backup-Codes.
status-notice-codes-used-up = Sie haben alle Ihre Backup-Codes verwendet.
status-notice-codes-few = { $count ->
        [one] Sie haben noch 1 Backup-Code.
       *[other] Sie haben noch { $count } Backup-Codes.
    }
status-notice-reset = Ihre MFA wurde am { $date } zurückgesetzt. Angemeldete Geräte wurden abgemeldet. Richten Sie MFA neu ein.
status-notice-reset-by = Ein Administrator von { $organization } hat Ihre MFA am { $date } zurückgesetzt. Angemeldete Geräte wurden abgemeldet. Richten Sie MFA neu ein.
status-action-set-up = Einrichten
status-action-create-codes = Backup-Codes erstellen
status-action-new-codes = Neue Codes erstellen

status-method-any = einer zweiten Methode
