# One line on the page after something worked.

flash-signed-out = Sie haben sich abgemeldet.
flash-password-chosen = Ihr Passwort ist gespeichert. Melden Sie sich jetzt damit an.
flash-password-changed = Passwort geändert. Alle anderen Geräte sind abgemeldet.
flash-organization-created = { $organization } ist eingerichtet, und Sie sind Inhaber.
flash-confirmed = Bestätigt. Schließen Sie jetzt ab, was Sie vorhatten.
flash-device-signed-out = { $device } ist abgemeldet.
flash-others-signed-out = { $count ->
        [0] Es war kein anderes Gerät angemeldet.
        [one] 1 anderes Gerät ist abgemeldet.
       *[other] { $count } andere Geräte sind abgemeldet.
    }
flash-trust-stopped = { $browser } gilt nicht mehr als vertrauenswürdig. Bei der nächsten Anmeldung wird dort wieder nach dem zweiten Schritt gefragt.
flash-app-first = Ihre Authenticator-App funktioniert. Die Multi-Faktor-Authentifizierung ist eingeschaltet, und alle anderen Geräte sind abgemeldet.
flash-app-on = Authenticator-App eingeschaltet.
flash-app-replaced = Ihre neue Authenticator-App funktioniert. Die vorige funktioniert nicht mehr.
flash-app-removed = Authenticator-App entfernt. Alle anderen Geräte sind abgemeldet.
flash-password-link-asked = Wenn zu { $address } ein Konto gehört, ist ein Link dorthin unterwegs. Er funktioniert eine Stunde lang.
flash-address-link-asked = Wir haben einen Link an { $address } gesendet. Öffnen Sie ihn innerhalb einer Stunde in diesem Browser, um die Adresse zu bestätigen.
flash-address-changed = Ihre E-Mail-Adresse ist jetzt { $address }. Melden Sie sich ab jetzt damit an.
flash-app-removed-next = Authenticator-App entfernt. Ab jetzt bestätigen Sie Ihre Anmeldung zuerst mit { $method }. Alle anderen Geräte sind abgemeldet.
flash-app-removed-last = Authenticator-App entfernt. Die Multi-Faktor-Authentifizierung ist ausgeschaltet, und alle anderen Geräte sind abgemeldet.
flash-app-set-up-expired = Diese Einrichtung ist abgelaufen. Hier ist ein neuer Code zum Scannen.
flash-email-first = Ihr E-Mail-Link funktioniert. Die Multi-Faktor-Authentifizierung ist eingeschaltet, und alle anderen Geräte sind abgemeldet.
flash-email-on = E-Mail-Link eingeschaltet.
flash-email-removed = E-Mail-Link entfernt. Alle anderen Geräte sind abgemeldet.
flash-email-removed-next = E-Mail-Link entfernt. Ab jetzt bestätigen Sie Ihre Anmeldung zuerst mit { $method }. Alle anderen Geräte sind abgemeldet.
flash-email-removed-last = E-Mail-Link entfernt. Die Multi-Faktor-Authentifizierung ist ausgeschaltet, und alle anderen Geräte sind abgemeldet.
flash-passkey-first = Ihr Passkey funktioniert. Die Multi-Faktor-Authentifizierung ist eingeschaltet, und alle anderen Geräte sind abgemeldet.
flash-passkey-added = Ihr Passkey funktioniert. Ab jetzt können Sie sich damit anmelden.
flash-passkey-named = Passkey als „{ $name }“ gespeichert.
flash-passkey-removed = Passkey „{ $name }“ entfernt. Alle anderen Geräte sind abgemeldet.
flash-passkey-removed-next = Passkey „{ $name }“ entfernt. Ab jetzt bestätigen Sie Ihre Anmeldung zuerst mit { $method }. Alle anderen Geräte sind abgemeldet.
flash-passkey-removed-last = Passkey „{ $name }“ entfernt. Die Multi-Faktor-Authentifizierung ist ausgeschaltet, und alle anderen Geräte sind abgemeldet.
flash-codes-created = 10 Backup-Codes erstellt.
flash-codes-saved = Backup-Codes gespeichert.
flash-primary-changed = Bevorzugte Methode geändert. Ab jetzt bestätigen Sie Ihre Anmeldung zuerst mit { $method }.
flash-mfa-on = Die Multi-Faktor-Authentifizierung ist eingeschaltet. Alle anderen Geräte sind abgemeldet.
flash-mfa-off = Die Multi-Faktor-Authentifizierung ist ausgeschaltet. Alle anderen Geräte sind abgemeldet; Ihre Methoden bleiben gespeichert.
flash-required = MFA ist ab jetzt Pflicht. Die Mitglieder erfahren es per E-Mail.
flash-requirement-saved = Vorgabe gespeichert.
flash-requirement-kept = Nichts geändert: Diese Vorgabe galt schon.
flash-required-from = MFA ist ab dem { $date } Pflicht. Die Mitglieder erfahren es per E-Mail.
flash-recommended = MFA wird den Mitgliedern empfohlen.
flash-not-required = MFA ist nicht mehr Pflicht. Die Mitglieder behalten ihre Methoden.
flash-trust-days = { $count ->
        [0] Browsern wird nicht mehr vertraut.
        [one] Mitglieder können einem Browser 1 Tag lang vertrauen.
       *[other] Mitglieder können einem Browser { $count } Tage lang vertrauen.
    }
flash-member-reset = Die MFA von { $name } ist zurückgesetzt. Alle Geräte dieser Person sind abgemeldet, und sie wurde per E-Mail informiert.
flash-reset-asked-before = Die Administratoren wurden vor weniger als einem Tag gefragt, deshalb ging keine weitere E-Mail an sie. Bleiben Sie erreichbar.
flash-reset-asked = Die Administratoren Ihrer Organisation wurden per E-Mail gefragt. Man wird sich vergewissern, dass Sie es sind; bleiben Sie also erreichbar.
flash-language-changed = Sprache gespeichert.
