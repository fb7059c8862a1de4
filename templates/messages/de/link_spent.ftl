# A one-time link that has run out, was used, or was never issued.

link-spent-title = Dieser Link funktioniert nicht mehr
link-spent-lead = Einmal-Links funktionieren einmal und nur für begrenzte Zeit. Ein neuerer Link beendet auch die älteren.
link-spent-ask-title = Neuen Link bekommen
link-spent-ask-mail = Neues Passwort per E-Mail anfordern
link-spent-ask-member = Fragen Sie einen Administrator Ihrer Organisation nach einem neuen Link.
# $command is shown as code.
link-spent-ask-operator = Wenn Sie diesen Server betreiben: { $command } gibt einen neuen Link für die Person mit dieser Adresse aus. Ohne Adresse ist es der Link für das erste Konto.
link-spent-sign-in = Zur Anmeldung
