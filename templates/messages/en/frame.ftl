# What every page carries: header, footer, message slots, dates.

-product = Countersign

frame-product = { -product }
frame-skip = Skip to main content
frame-account-label = Account
frame-security = Security
frame-organization = Organization
frame-sign-out = Sign out
frame-help-signed-out = Can't sign in?
frame-help-signed-in = Help with sign-in and recovery

frame-problem-title = There is a problem
frame-problem-prefix = Error:

# $day and $year are text, $month is a number from 1 to 12, $time is HH:MM.
frame-date = { $day } { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    } { $year }
frame-date-time = { $date }, { $time } UTC
frame-time = { $time } UTC

# A browser and what it runs on.
frame-client = { $browser } on { $system }
