# Changing the email address of the account, and confirming the new one.

address-title = E-Mail-Adresse ändern
# $email is shown in bold.
address-now = Ihre E-Mail-Adresse ist { $email }
address-hint = Wir senden einen Link dorthin. Nichts ändert sich, bis Sie ihn öffnen und bestätigen.
address-button = Link senden
address-keep = Die jetzige behalten

address-confirm-title = Ihre neue E-Mail-Adresse bestätigen
# $email is shown in bold.
address-confirm-lead = Ihr Konto bekommt die Adresse { $email }
address-confirm-after = Danach melden Sie sich damit an, und { $email } funktioniert nicht mehr. Wir benachrichtigen beide Adressen.
address-confirm-button = Adresse bestätigen
