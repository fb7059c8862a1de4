# One badge and one sentence for each state of an account's multi-factor authentication.

status-badge-needed = Falta configurar
status-badge-by = Plazo: { $date }
status-badge-off = Desactivada
status-badge-on = Activada
status-badge-on-required = Activada, obligatoria

status-needed = { $organization } exige la MFA. Configure un método para continuar.
status-password-only = Su cuenta está protegida solo con una contraseña.
status-saved = { $count ->
        [one] Hay 1 método guardado, pero no se le pide al iniciar sesión.
       *[other] Hay { $count } métodos guardados, pero no se le piden al iniciar sesión.
    }
status-one-way = Tiene una sola forma de iniciar sesión.
status-required = Puede cambiar los métodos, pero { $organization } no permite desactivar la MFA.
status-on = Después de la contraseña, usa { $primary } para confirmar que es usted.

status-your-administrator = Su administrador
status-by-your-administrator = su administrador

status-notice-deadline = { $organization } exige la MFA desde el { $date }.
status-notice-deadline-set-up = { $organization } exige la MFA desde el { $date }. Configúrela ahora; lleva unos dos minutos.
status-notice-recommended = { $organization } recomienda la MFA.
status-notice-recommended-set-up = { $organization } recomienda la MFA. Configúrela ahora; lleva unos dos minutos.
status-notice-one-way = Si la pierde, pierde el acceso. Añada un segundo método o cree códigos de respaldo.
status-notice-codes-used-up = Ya usó todos sus códigos de respaldo.
status-notice-codes-few = { $count ->
        [one] Le queda 1 código de respaldo.
       *[other] Le quedan { $count } códigos de respaldo.
    }
status-notice-reset = Su MFA se restableció el { $date }. Se cerró la sesión en todos los dispositivos. Configure de nuevo la MFA.
status-notice-reset-by = Un administrador de { $organization } restableció su MFA el { $date }. Se cerró la sesión en todos los dispositivos. Configure de nuevo la MFA.
status-action-set-up = Configurar
status-action-create-codes = Crear códigos de respaldo
status-action-new-codes = Crear códigos nuevos

status-method-any = un segundo método
