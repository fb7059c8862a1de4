# Backup codes: shown once, as a page, a file and a sheet of paper; and replaced.

codes-title = Speichern Sie Ihre Backup-Codes
codes-lead = Jeder funktioniert einmal. Wir können sie nicht noch einmal zeigen.
codes-sheet-title = Backup-Codes für { -product }
codes-account = Konto
codes-created = Erstellt
codes-keep = Bewahren Sie dies an einem sicheren Ort auf, zu dem nur Sie Zugang haben.
# Only in the file, which has no page around it.
codes-file-once = Jeder Code funktioniert einmal.
codes-download = Herunterladen
codes-copy = Kopieren
codes-copied = { $count ->
        [one] 1 Code kopiert
       *[other] { $count } Codes kopiert
    }
codes-blocked = In diesem Browser ist das Kopieren gesperrt. Markieren und kopieren Sie die Codes.
codes-print = Drucken
# What these three do it to, for those who don't see the page.
codes-object = Codes
codes-saved = Ich habe sie gespeichert

codes-gone-title = Diese Codes wurden einmal gezeigt
codes-gone = Wenn Sie die Codes nicht gespeichert haben, erstellen Sie neue. Noch nicht verwendete Codes funktionieren dann nicht mehr.
codes-create = Neue Codes erstellen
codes-back = Zurück zur Sicherheit

codes-new-title = Neue Backup-Codes erstellen?
codes-new-after = { $count ->
        [0] Sie bekommen 10 neue Codes, die einmal gezeigt werden.
        [one] 1 noch nicht verwendeter Code funktioniert dann nicht mehr.
       *[other] { $count } noch nicht verwendete Codes funktionieren dann nicht mehr.
    }
codes-new-keep = Die jetzigen behalten
