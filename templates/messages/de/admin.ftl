# An organization's own pages: what it asks of its members, and how far they are.

admin-title = Sicherheit von { $organization }
admin-requirement-title = Vorgabe
admin-off = Die Mitglieder entscheiden selbst. Mit MFA: { $enabled } von { $members }.
admin-recommended = MFA wird empfohlen, und die Mitglieder entscheiden selbst. Mit MFA: { $enabled } von { $members }.
admin-since = Pflicht seit dem { $date }.
admin-from = Pflicht ab dem { $date }.
admin-all-ready = { $count ->
        [one] Das einzige Mitglied ist bereit.
       *[other] Alle { $count } Mitglieder sind bereit.
    }
admin-ready-now = { $enabled } von { $members } bereit; bei der nächsten Anmeldung einzurichten: { $left }.
admin-ready-then = { $enabled } von { $members } bereit; noch einzurichten: { $left }.
admin-later = { $count ->
        [one] 1 Mitglied ist erst seit Kurzem dabei und hat zusätzliche Tage.
       *[other] { $count } Mitglieder sind erst seit Kurzem dabei und haben zusätzliche Tage.
    }
admin-stop = Nicht mehr verlangen
admin-change = Vorgabe ändern
admin-own-factor = Richten Sie zuerst für Ihr eigenes Konto MFA ein, mit einer Methode, die zählt. Bis dahin können Sie ansehen, was sich ändern würde, aber nichts ändern.
admin-own-factor-action = MFA einrichten

requirement-legend = Was von Mitgliedern verlangt wird
requirement-off = Aus
requirement-off-hint = Die Mitglieder entscheiden selbst.
requirement-recommended = Empfohlen
requirement-recommended-hint = Mitglieder ohne MFA lesen auf ihrer Sicherheitsseite einen Hinweis. Niemand wird aufgehalten.
requirement-required = Pflicht
requirement-required-hint = Ab dem Tag unten richten Mitglieder ohne eine Methode, die zählt, erst eine ein, bevor es weitergeht. Niemand wird entfernt.
requirement-from = Pflicht ab
requirement-from-hint = Ab 00:00 UTC an diesem Tag. Der aktuelle Tag bedeutet: sofort.
requirement-methods = Methoden, die zählen
requirement-email-hint = Ein Link, der an die E-Mail-Adresse des Mitglieds gesendet wird. Lassen Sie ihn weg, wenn sich damit niemand anmelden soll, der die E-Mails eines Mitglieds liest.
requirement-days = Zusätzliche Tage für neue Mitglieder
requirement-days-hint = Gezählt ab dem Tag des Beitritts. 0 bedeutet: ab der ersten Anmeldung.
requirement-show = Zeigen, was sich ändert

requirement-title = Was von Mitgliedern verlangt wird
requirement-from-title = MFA ab dem { $date } verlangen?
requirement-now-title = MFA ab jetzt verlangen?
requirement-change-title = Vorgabe ändern?
requirement-recommend-title = MFA empfehlen?
requirement-stop-title = MFA nicht mehr verlangen?
requirement-stop-recommending-title = MFA nicht mehr empfehlen?

rehearsal-stopped-then = { $stopped ->
        [one] Am { $date } müsste { $stopped } von { $members } Mitgliedern MFA einrichten, bevor es weitergeht.
       *[other] Am { $date } müssten { $stopped } von { $members } Mitgliedern MFA einrichten, bevor es weitergeht.
    }
rehearsal-stopped-now = { $stopped ->
        [one] Ab jetzt müsste { $stopped } von { $members } Mitgliedern MFA einrichten, bevor es weitergeht.
       *[other] Ab jetzt müssten { $stopped } von { $members } Mitgliedern MFA einrichten, bevor es weitergeht.
    }
rehearsal-nobody = { $count ->
        [one] Das einzige Mitglied ist bereit. Niemand würde aufgehalten.
       *[other] Alle { $count } Mitglieder sind bereit. Niemand würde aufgehalten.
    }
rehearsal-only-email = { $count ->
        [one] 1 Mitglied hat nur den E-Mail-Link, der nicht zählen würde.
       *[other] { $count } Mitglieder haben nur den E-Mail-Link, der nicht zählen würde.
    }
rehearsal-lifts = MFA ist jetzt Pflicht. Bis zum { $date } wäre das nicht so, und Mitglieder ohne MFA könnten weitermachen.
rehearsal-later = { $count ->
        [one] 1 weiteres Mitglied ist erst seit Kurzem dabei und hätte zuerst noch die übrigen zusätzlichen Tage.
       *[other] { $count } weitere Mitglieder sind erst seit Kurzem dabei und hätten zuerst noch die übrigen zusätzlichen Tage.
    }
rehearsal-named = Mitglieder ohne eine Methode, die zählen würde
rehearsal-more = { $count ->
        [one] Und 1 weiteres.
       *[other] Und { $count } weitere.
    }
rehearsal-file = Liste herunterladen (CSV)
rehearsal-kept = Niemand wird entfernt oder abgemeldet. Sobald eine Methode funktioniert, geht es für ein Mitglied weiter.
rehearsal-told = Die Mitglieder erfahren es per E-Mail und werden 14 Tage, 7 Tage und 1 Tag vorher erinnert.
rehearsal-counting = Methoden, die zählen
rehearsal-days = Neue Mitglieder haben
rehearsal-days-none = Keine zusätzlichen Tage
rehearsal-days-count = { $count ->
        [one] 1 zusätzlichen Tag
       *[other] { $count } zusätzliche Tage
    }

requirement-recommend-after = Mitglieder ohne MFA lesen auf ihrer Sicherheitsseite einen Hinweis. Niemand wird aufgehalten.
requirement-recommend-lifts = MFA ist dann nicht mehr Pflicht. Niemand verliert eine Methode.
requirement-stop-after = Ab der nächsten Anfrage entscheiden die Mitglieder selbst. Niemand verliert eine Methode, und alle können MFA ausschalten.
requirement-button-from = MFA ab { $date } verlangen
requirement-button-now = MFA ab jetzt verlangen
requirement-button-change = Vorgabe speichern
requirement-button-recommend = MFA empfehlen
requirement-button-stop = MFA nicht mehr verlangen
requirement-button-stop-recommending = MFA nicht mehr empfehlen
requirement-keep = Unverändert lassen

# For how many days members may have a browser trusted.
admin-trust-title = Vertrauenswürdige Browser
admin-trust = { $count ->
        [0] Mitglieder werden bei jeder Anmeldung nach dem zweiten Schritt gefragt.
        [one] Mitglieder können einem Browser 1 Tag lang vertrauen und werden in ihm nicht nach dem zweiten Schritt gefragt.
       *[other] Mitglieder können einem Browser { $count } Tage lang vertrauen und werden in ihm nicht nach dem zweiten Schritt gefragt.
    }
trust-days = Anzahl der Tage
trust-days-hint = Von 0 bis 90. 0 bedeutet: nie.
trust-days-show = Zeigen, was das bedeutet
trust-days-title = { $count ->
        [0] Browsern nicht mehr vertrauen?
        [one] Browsern 1 Tag lang vertrauen?
       *[other] Browsern { $count } Tage lang vertrauen?
    }
trust-days-after = { $count ->
        [0] Mitglieder werden bei jeder Anmeldung nach dem zweiten Schritt gefragt, auch in Browsern, die jetzt als vertrauenswürdig gelten.
        [one] Beim zweiten Schritt können Mitglieder ein Kästchen ankreuzen. 1 Tag lang genügt dann ihr Passwort, um sich mit diesem Browser anzumelden. Wer eine Methode ändert oder MFA ausschaltet, braucht weiterhin den zweiten Schritt. Älteres Vertrauen endet.
       *[other] Beim zweiten Schritt können Mitglieder ein Kästchen ankreuzen. { $count } Tage lang genügt dann ihr Passwort, um sich mit diesem Browser anzumelden. Wer eine Methode ändert oder MFA ausschaltet, braucht weiterhin den zweiten Schritt. Älteres Vertrauen endet.
    }
trust-days-button = Tage speichern
trust-days-button-never = Browsern nicht mehr vertrauen

adoption-title = Verbreitung
adoption-enabled = { $enabled } von { $members } ({ $percent } %)
adoption-methods = Was Mitglieder haben
adoption-no-codes = Keine Backup-Codes
adoption-members = Mitglieder zeigen
