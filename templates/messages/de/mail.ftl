# Mails about changes to an account: a subject that says what happened, and one sentence.

mail-account = Konto
mail-when = Wann
mail-where = Wo
mail-not-you = Wenn Sie das nicht waren, sehen Sie nach, was zuletzt geschehen ist, und ändern Sie Ihr Passwort. Wenn Sie sich nicht mehr anmelden können, fragen Sie einen Administrator.
mail-no-secret = Wir fragen nie per E-Mail nach einem Passwort oder Code.

mail-new-device = Neue Anmeldung bei { $product }
mail-new-device-text = In Ihrem Konto gab es eine Anmeldung von einem Gerät, das neu ist oder lange nicht verwendet wurde.
mail-unfinished = Eine Anmeldung endete nach Ihrem Passwort
mail-unfinished-text = Jemand hat Ihr Passwort eingegeben, und der zweite Schritt blieb aus. Wenn Sie das waren, ist nichts zu tun.
mail-trusted = Neuer vertrauenswürdiger Browser
mail-trusted-text = { $count ->
        [one] 1 Tag lang genügt Ihr Passwort, um sich mit dem Browser unten anzumelden. Eine Änderung des Passworts oder der Methoden beendet das.
       *[other] { $count } Tage lang genügt Ihr Passwort, um sich mit dem Browser unten anzumelden. Eine Änderung des Passworts oder der Methoden beendet das.
    }
mail-trust-copied = Ein vertrauenswürdiger Browser wurde vielleicht kopiert
mail-trust-copied-text = Jemand hat Ihr Passwort eingegeben und vorgezeigt, was ein vertrauenswürdiger Browser schon verwendet hatte, so wie es jemand mit einer Kopie täte. Dieser Browser gilt nicht mehr als vertrauenswürdig, und der zweite Schritt wurde verlangt. Wenn Sie sich gerade angemeldet haben und die Verbindung abbrach, liegt es daran.
mail-password-changed = Passwort geändert
mail-password-changed-text = Das Passwort Ihres Kontos wurde geändert. Alle anderen Geräte sind abgemeldet.
mail-password-chosen = Passwort gesetzt
mail-password-chosen-text = Für Ihr Konto wurde über einen Einmal-Link ein Passwort gesetzt.
mail-method-on = { $method } eingeschaltet
mail-method-on-text = In Ihrem Konto wurde diese Methode eingeschaltet: { $method }.
mail-method-off = { $method } ausgeschaltet
mail-method-off-text = In Ihrem Konto wurde diese Methode ausgeschaltet: { $method }. Alle anderen Geräte sind abgemeldet.
mail-method-removed = { $method } entfernt
mail-method-removed-text = Aus Ihrem Konto wurde diese Methode entfernt: { $method }. Alle anderen Geräte sind abgemeldet.
mail-mfa-on = MFA eingeschaltet
mail-mfa-on-text = Die Multi-Faktor-Authentifizierung Ihres Kontos wurde eingeschaltet.
mail-mfa-off = MFA ausgeschaltet
mail-mfa-off-text = Die Multi-Faktor-Authentifizierung Ihres Kontos wurde ausgeschaltet: Das Passwort allein reicht. Alle anderen Geräte sind abgemeldet.
mail-primary = Bevorzugte Methode geändert
mail-primary-text = Ihr Konto verlangt ab jetzt diese Methode zuerst: { $method }.
mail-reset = Ihre MFA wurde zurückgesetzt
mail-reset-text = Alle Methoden und Backup-Codes wurden aus Ihrem Konto entfernt. Alle anderen Geräte sind abgemeldet.
mail-reset-by-administrator-text = Ein Administrator hat alle Methoden und Backup-Codes aus Ihrem Konto entfernt und Sie überall abgemeldet. Richten Sie MFA bei der nächsten Anmeldung neu ein.
mail-member-reset = Sie haben die MFA eines Mitglieds zurückgesetzt
mail-member-reset-text = Alle Methoden und Backup-Codes eines Mitglieds wurden entfernt: { $member }.
mail-reset-asked = Sie haben das Zurücksetzen Ihrer MFA angefragt
mail-reset-asked-text = Jemand, der Ihr Passwort kennt, hat die Administratoren Ihrer Organisation gefragt, ob sie Ihre MFA zurücksetzen. Noch hat sich nichts geändert.
mail-reset-requested = Zurücksetzen der MFA angefragt: { $name }
mail-reset-requested-text = Jemand, der das Passwort von { $name } ({ $email }) kennt, sagt, dass keine zweite Methode verwendbar ist, und fragt, ob Sie die MFA zurücksetzen.
mail-reset-requested-check = Prüfen Sie, wer fragt: Rufen Sie unter einer Nummer zurück, die Sie schon kennen. Wenn es nicht das Mitglied selbst war, kennt jemand anderes das Passwort: Setzen Sie nichts zurück, und sagen Sie dem Mitglied, dass es das Passwort ändern soll. Sonst setzen Sie die MFA hier zurück:
mail-role = Ihre Rolle wurde geändert
mail-role-text = Ein Administrator hat Ihnen in Ihrer Organisation eine andere Rolle gegeben.
mail-removed = Ihr Konto wurde entfernt
mail-removed-text = Ein Administrator hat Ihr Konto mit allem darin entfernt. Sie können sich damit nicht mehr anmelden.
mail-passkey-added = Passkey hinzugefügt
mail-passkey-added-text = Der Passkey „{ $name }“ wurde Ihrem Konto hinzugefügt.
mail-passkey-removed = Passkey entfernt
mail-passkey-removed-text = Der Passkey „{ $name }“ wurde aus Ihrem Konto entfernt. Alle anderen Geräte sind abgemeldet.
mail-passkey-counter = Ein Passkey wurde vielleicht kopiert
mail-passkey-counter-text = Ein Passkey Ihres Kontos wurde abgelehnt, weil vielleicht eine Kopie davon in Gebrauch ist. Entfernen Sie ihn und fügen Sie ihn neu hinzu, es sei denn, Sie kennen den Grund.
mail-codes-created = Backup-Codes erstellt
mail-codes-created-text = Für Ihr Konto wurden zehn neue Backup-Codes erstellt. Frühere funktionieren nicht mehr.
mail-code-used = Ein Backup-Code wurde verwendet (noch { $count } übrig)
mail-code-used-text = { $count ->
        [0] Für Ihr Konto wurde ein Backup-Code verwendet. Es war der letzte. Erstellen Sie jetzt auf Ihrer Sicherheitsseite neue Codes.
        [1] Für Ihr Konto wurde ein Backup-Code verwendet. Nur noch 1 Code ist übrig. Erstellen Sie bald auf Ihrer Sicherheitsseite neue Codes.
        [2] Für Ihr Konto wurde ein Backup-Code verwendet. Nur noch 2 Codes sind übrig. Erstellen Sie bald auf Ihrer Sicherheitsseite neue Codes.
        [3] Für Ihr Konto wurde ein Backup-Code verwendet. Nur noch 3 Codes sind übrig. Erstellen Sie bald auf Ihrer Sicherheitsseite neue Codes.
       *[other] Für Ihr Konto wurde ein Backup-Code verwendet. Noch { $count } Codes sind übrig.
    }
mail-locked = Codes für einige Zeit gesperrt
mail-locked-text = Jemand hat Ihr Passwort und danach zu viele falsche Codes eingegeben. Codes sind für einige Zeit gesperrt; ein Passkey funktioniert weiterhin.
mail-suspended = Codes ausgeschaltet
mail-suspended-text = Nach Ihrem Passwort wurden viel zu viele falsche Codes eingegeben. Codes sind für Ihr Konto ausgeschaltet. Melden Sie sich mit einem Passkey an oder fragen Sie einen Administrator.
mail-token-reused = Eine App wurde abgemeldet
mail-token-reused-text = Eine App wollte mit einem Schlüssel angemeldet bleiben, der schon verwendet war, so wie es jemand mit einer Kopie täte. Sie wurde abgemeldet.

# Mails about what an organization requires.
mail-required = MFA ist ab dem { $date } Pflicht
mail-required-text = { $organization } verlangt Multi-Faktor-Authentifizierung ab dem { $time }. Ab dann müssen Sie erst eine Methode einrichten, bevor es weitergeht.
mail-required-now = MFA ist jetzt Pflicht
mail-required-now-text = { $organization } verlangt Multi-Faktor-Authentifizierung. Sie müssen erst eine Methode einrichten, bevor es weitergeht.
mail-required-set-up = Richten Sie MFA jetzt ein; das dauert etwa zwei Minuten:
mail-required-ready = Sie haben MFA schon: Es ist nichts zu tun.
mail-required-ask = Wenn Sie Fragen haben, wenden Sie sich an einen Administrator von { $organization }.

# The mail of an email link.
mail-link-sign-in-subject = Ihr Link zur Anmeldung
mail-link-sign-in-lead = Öffnen Sie diesen Link in dem Browser, in dem Sie sich anmelden:
mail-link-sign-in-not-you = Wenn Sie sich gerade nicht anmelden, hat jemand Ihr Passwort. Öffnen Sie den Link nicht und nennen Sie niemandem den Code; melden Sie sich selbst an und ändern Sie Ihr Passwort.
mail-link-set-up-subject = Bestätigen Sie Ihre E-Mail-Adresse
mail-link-set-up-lead = Öffnen Sie diesen Link, um Ihr Postfach als zweiten Faktor Ihres Kontos zu verwenden:
mail-link-set-up-not-you = Wenn Sie das nicht angefordert haben, ist jemand in Ihrem Konto angemeldet. Öffnen Sie den Link nicht; melden Sie sich an, melden Sie die anderen Geräte ab und ändern Sie Ihr Passwort.
mail-link-code = Oder geben Sie dort diesen Code ein: { $code }
mail-link-until = Beide funktionieren einmal, bis { $time }.

# Mails that somebody asked for. The link stands below the sentence.

mail-request-until = Der Link funktioniert einmal, bis { $time }.
mail-request-again = Danach fordern Sie einen neuen an:
mail-request-not-you = Wenn Sie das nicht waren, ist nichts zu tun: Es hat sich nichts geändert.
mail-password-link = Ihr Link für ein neues Passwort
mail-password-link-text = Jemand, vermutlich Sie, hat für dieses Konto ein neues Passwort angefordert. Wählen Sie es auf dieser Seite:
mail-invitation = Ihr neues Konto
mail-invitation-text = Für Sie wurde ein Konto erstellt. Wählen Sie auf dieser Seite ein Passwort dafür:
mail-invitation-organization-text = Für Sie wurde bei { $organization } ein Konto erstellt. Wählen Sie auf dieser Seite ein Passwort dafür:
mail-invitation-ask = Wenn Sie das nicht erwartet haben oder Fragen haben, wenden Sie sich an den Betreiber dieses Dienstes.
mail-invitation-organization-ask = Wenn Sie das nicht erwartet haben oder Fragen haben, wenden Sie sich an einen Administrator von { $organization }.
mail-address-link = Bestätigen Sie Ihre neue E-Mail-Adresse
mail-address-link-text = Jemand, vermutlich Sie, möchte diese E-Mail-Adresse für ein eigenes Konto verwenden. Bestätigen Sie sie auf dieser Seite, in einem Browser, in dem Sie angemeldet sind:
mail-address-taken = Zu dieser E-Mail-Adresse gibt es schon ein Konto
mail-address-taken-text = Jemand, vermutlich Sie, wollte diese E-Mail-Adresse für ein anderes Konto verwenden. Zu ihr gehört schon ein Konto, deshalb wurde nichts geändert. Wenn Sie die Adresse dort verwenden möchten, wählen Sie zuerst für dieses Konto eine andere.

mail-address-changed = E-Mail-Adresse geändert
mail-address-changed-text = Die E-Mail-Adresse Ihres Kontos ist jetzt { $address }. Ab jetzt melden Sie sich damit an, und E-Mails gehen dorthin.
mail-address-changed-not-you = Wenn Sie das nicht waren, hat vielleicht jemand anderes Ihr Konto: Fragen Sie sofort einen Administrator Ihrer Organisation oder den Betreiber dieses Dienstes.
