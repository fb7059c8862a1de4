# What every page carries: header, footer, message slots, dates.

-product = Countersign

frame-product = { -product }
frame-skip = Ir al contenido principal
frame-account-label = Cuenta
frame-security = Seguridad
frame-organization = Organización
frame-sign-out = Cerrar sesión
frame-help-signed-out = ¿No puede entrar?
frame-help-signed-in = Ayuda con el acceso y la recuperación

frame-problem-title = Hay un problema
frame-problem-prefix = Error:

# $day and $year are text, $month is a number from 1 to 12, $time is HH:MM.
frame-date = { $day } { $month ->
        [1] ene
        [2] feb
        [3] mar
        [4] abr
        [5] may
        [6] jun
        [7] jul
        [8] ago
        [9] sept
        [10] oct
        [11] nov
       *[12] dic
    } { $year }
frame-date-time = { $date }, { $time } UTC
frame-time = { $time } UTC

# A browser and what it runs on.
frame-client = { $browser } en { $system }
