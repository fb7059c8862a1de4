# Email links: setting the method up, waiting for a mail, and the page behind its link.

email-code-label = Code aus der E-Mail
email-code-hint = 6 Ziffern, in derselben E-Mail wie der Link

email-set-up-title = E-Mail-Link einrichten
email-set-up-lead = Wir senden eine E-Mail an { $address }. Der Link oder der Code darin zeigt, dass Sie Zugang zu diesem Postfach haben.
email-set-up-note = Wer Ihre E-Mails lesen kann, kann dies verwenden. Ein Passkey oder eine Authenticator-App ist sicherer.
email-set-up-standard = Nach NIST SP 800-63B zählt E-Mail nicht als zweiter Faktor. Besser als ein Passwort allein ist ein E-Mail-Link trotzdem.
email-set-up-button = E-Mail-Link einschalten
email-send = E-Mail senden
email-cancel = Abbrechen

# The panel of the second step.
email-panel-lead = Wir senden einen Link und einen 6-stelligen Code an { $address }.
email-panel-alone = Auch Ihr Passwort wurde per E-Mail gesetzt. Damit ist Ihr Postfach alles, was dieses Konto schützt. Fügen Sie nach der Anmeldung eine weitere Methode hinzu.
email-panel-button = Link senden

email-wait-title = Prüfen Sie Ihr Postfach
email-wait-lead = Wir haben einen Link an { $address } gesendet. Öffnen Sie ihn in diesem Browser.
email-wait-until = Er funktioniert einmal, bis { $time }.
email-wait-code = Oder geben Sie den Code aus der E-Mail ein
email-wait-opened = Link geöffnet, weiter
email-wait-none-title = Keine E-Mail?
email-wait-none = Sehen Sie im Spam-Ordner nach. Eine Minute nach der letzten können Sie eine weitere senden lassen; sie ersetzt die vorige.
email-send-again = Erneut senden
email-send-new = Neuen Link senden
email-other = Anderen Weg wählen

email-landing-sign-in = Anmeldung abschließen
email-landing-set-up = E-Mail-Adresse bestätigen
email-landing-confirm-button = Mit E-Mail-Link bestätigen
# $client is a browser and an address.
email-landing-lead = Sie haben dies als { $account } angefordert, mit { $client }.
email-landing-lead-unknown = Sie haben dies als { $account } angefordert.
email-landing-not-you = Wenn Sie es nicht angefordert haben, schließen Sie diese Seite und ändern Sie Ihr Passwort.
email-landing-elsewhere-title = Öffnen Sie den Link dort, wo Sie begonnen haben
email-landing-elsewhere = Dieser Link funktioniert in dem Browser, in dem er angefordert wurde. Öffnen Sie ihn dort oder geben Sie dort den 6-stelligen Code aus derselben E-Mail ein.
email-landing-over-title = Dieser Link funktioniert nicht mehr
email-landing-used = Verwendet wurde er schon am { $time }.
email-landing-newer = Es gibt einen neueren Link vom { $time }. Verwenden Sie diesen.
email-landing-expired = Abgelaufen ist er am { $time }.
email-landing-unknown = Prüfen Sie, ob Sie ihn ganz kopiert haben, oder fordern Sie einen neuen an.
email-landing-security = Sicherheit öffnen

email-remove-title = E-Mail-Link entfernen?
email-remove-after = Sie können sich nicht mehr mit einer E-Mail anmelden. Ihre Adresse bleibt, wie sie ist.
email-remove-button = E-Mail-Link entfernen
email-remove-last = Der E-Mail-Link ist Ihre einzige Methode. Das Entfernen schaltet MFA aus; dann reicht das Passwort allein.
email-remove-refused-title = Der E-Mail-Link bleibt
email-remove-refused-alone = { $organization } verlangt MFA, und dies ist Ihre einzige Methode. Sie lässt sich deshalb nicht entfernen.
