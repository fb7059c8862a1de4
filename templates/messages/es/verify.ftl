# The second step: at sign-in, and again before something important.

verify-title = Confirme que es usted
# $email is shown in bold.
verify-signed-in = Sesión iniciada como { $email }.
verify-not-you = ¿No es usted?
verify-other-account = Usar otra cuenta
verify-app-label = Código de su aplicación de autenticación
verify-app-hint = 6 dígitos, cambia cada 30 segundos
verify-code-hint = Uno de los códigos que guardó, por ejemplo 7K3QM-9XW2T
verify-trust = { $count ->
        [one] Confiar en este navegador durante 1 día
       *[other] Confiar en este navegador durante { $count } días
    }
verify-trust-hint = Hasta entonces su contraseña basta para iniciar sesión en él. Un cambio de la contraseña o de los métodos lo termina.
verify-button = Iniciar sesión
verify-others-title = Otros métodos
verify-none = No puedo usar ninguno de estos
verify-suspended = Los códigos están desactivados en esta cuenta porque se escribieron demasiados incorrectos. Un administrador puede ayudarle a recuperar el acceso.
verify-suspended-action = Recuperar el acceso
