# What every page carries: header, footer, message slots, dates.

-product = Countersign

frame-product = { -product }
frame-skip = Zum Hauptinhalt springen
frame-account-label = Konto
frame-security = Sicherheit
frame-organization = Organisation
frame-sign-out = Abmelden
frame-help-signed-out = Hilfe beim Anmelden
frame-help-signed-in = Hilfe zu Anmeldung und Wiederherstellung

frame-problem-title = Es gibt ein Problem
frame-problem-prefix = Fehler:

# $day and $year are text, $month is a number from 1 to 12, $time is HH:MM.
frame-date = { $day }. { $month ->
        [1] Jan.
        [2] Feb.
        [3] März
        [4] Apr.
        [5] Mai
        [6] Juni
        [7] Juli
        [8] Aug.
        [9] Sept.
        [10] Okt.
        [11] Nov.
       *[12] Dez.
    } { $year }
frame-date-time = { $date }, { $time } UTC
frame-time = { $time } UTC

# A browser and what it runs on.
frame-client = { $browser } unter { $system }
