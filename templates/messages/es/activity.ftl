# The activity list: its page, its table and one past-tense sentence per recorded event.

activity-title = Actividad de seguridad
activity-lead = Todo lo que se registró de su cuenta; lo más nuevo, primero.
activity-caption = Página { $page }
activity-what = Qué
activity-when = Cuándo
activity-where = Dónde
activity-empty = Todavía no hay nada. Aquí aparecerán los inicios de sesión y los cambios de seguridad.
activity-empty-page = No hay nada en esta página. Lo más nuevo está en las páginas anteriores.
# Where something happened, when it was no browser or app.
activity-command-line = Línea de comandos en el servidor
activity-not-you = ¿Hay algo que no hizo usted?
activity-not-you-action = Cambiar la contraseña
activity-newer = Más nuevo
activity-older = Más antiguo
activity-pages-label = Páginas
activity-back = Volver a Seguridad

activity-signed-in = Inicio de sesión con contraseña
activity-signed-in-trust = Inicio de sesión con contraseña en un navegador de confianza
activity-new-device = Dispositivo nuevo: se avisó por correo
activity-unfinished = Inicio de sesión sin terminar: no se dio el segundo paso
activity-password-accepted = Contraseña aceptada, se pidió el segundo paso
activity-signed-in-app = Inicio de sesión con aplicación de autenticación
activity-signed-in-code = Inicio de sesión con un código de respaldo
activity-signed-in-email = Inicio de sesión con enlace por correo
activity-email-sent = Enlace de inicio de sesión enviado por correo
activity-signed-in-code-left = Inicio de sesión con un código de respaldo (restantes: { $count })
activity-signed-in-passkey = Inicio de sesión con una llave de acceso
activity-signed-in-passkey-named = Inicio de sesión con la llave de acceso "{ $name }"
activity-confirmed-passkey = Confirmación con una llave de acceso
activity-confirmed-passkey-named = Confirmación con la llave de acceso "{ $name }"
activity-passkey-refused = Llave de acceso rechazada: no se pudo comprobar
activity-passkey-counter = Llave de acceso rechazada: puede que la hayan copiado
activity-passkey-added = Llave de acceso "{ $name }" añadida
activity-passkey-not-added = Llave de acceso no añadida: no se pudo comprobar
activity-passkey-renamed = Llave de acceso renombrada: "{ $name }"
activity-passkey-removed = Llave de acceso "{ $name }" quitada
activity-sign-in-failed = Inicio de sesión fallido: contraseña incorrecta
activity-signed-out = Sesión cerrada
activity-device-signed-out = Sesión cerrada en un dispositivo
activity-device-signed-out-named = Sesión cerrada en un dispositivo: { $name }
activity-others-signed-out = Sesión cerrada en los demás dispositivos
activity-trust-given = { $count ->
        [one] Navegador de confianza durante 1 día
       *[other] Navegador de confianza durante { $count } días
    }
activity-trust-ended = Ya no se confía en un navegador
activity-trust-ended-named = Ya no se confía en { $name }
activity-trust-ended-all = Ya no se confía en ningún navegador
activity-trust-copied = Ya no se confía en un navegador: puede que hayan copiado lo que guarda
activity-trust-copied-named = Ya no se confía en { $name }: puede que hayan copiado lo que guarda
activity-confirmed = Confirmación con contraseña
activity-confirmed-app = Confirmación con aplicación de autenticación
activity-confirmed-code = Confirmación con un código de respaldo
activity-confirmed-email = Confirmación con enlace por correo
activity-confirmed-code-left = Confirmación con un código de respaldo (restantes: { $count })
activity-confirm-failed = Confirmación fallida: contraseña incorrecta
activity-account-created = Cuenta creada
activity-organization-created = Organización creada
activity-password-chosen = Contraseña elegida con un enlace de un solo uso
activity-password-changed = Contraseña cambiada
activity-password-change-failed = Contraseña no cambiada: la actual era incorrecta
activity-profile-changed = Nombre cambiado
activity-language-changed = Idioma cambiado
activity-token-reused = Sesión de una aplicación cerrada: la renovó dos veces con la misma clave
activity-link-issued = Se creó un enlace de un solo uso para la contraseña
activity-link-refused = Se pidió un enlace para la contraseña y no se envió
activity-address-asked = Se pidió un enlace a una nueva dirección de correo
activity-address-changed = Dirección de correo cambiada: { $address }
activity-mfa-on = Autenticación multifactor activada
activity-mfa-off = Autenticación multifactor desactivada
activity-mfa-reset = Autenticación multifactor restablecida por un administrador
activity-mfa-reset-named = Autenticación multifactor restablecida por el administrador { $name }
activity-mfa-reset-by-holder = Autenticación multifactor restablecida por usted
activity-app-code-wrong = Código incorrecto de la aplicación de autenticación
activity-app-code-spent = Código de la aplicación de autenticación rechazado: ya se había usado
activity-email-code-wrong = Código incorrecto de un correo
activity-email-code-spent = Código de un correo rechazado: ya no servía
activity-backup-code-wrong = Código de respaldo incorrecto
activity-backup-code-spent = Código de respaldo rechazado: ya se había usado
activity-codes-locked = Códigos bloqueados por un tiempo: demasiados incorrectos
activity-codes-suspended = Códigos desactivados: se escribieron incorrectos una y otra vez
activity-set-up-started = Se empezó a configurar { $method }
activity-method-enabled = Método activado: { $method }
activity-method-disabled = Método desactivado: { $method }
activity-method-removed = Método quitado: { $method }
activity-primary-changed = Método principal cambiado
activity-primary-changed-to = Método principal cambiado: ahora es { $method }
activity-backup-codes-created = Códigos de respaldo creados
activity-refused = Rechazado: el rol no lo incluye
activity-enforce-on = Autenticación multifactor obligatoria en la organización desde el { $date } ({ $methods }; días adicionales: { $days })
activity-enforce-off = La autenticación multifactor ya no es obligatoria en la organización
activity-recommended = Autenticación multifactor recomendada a la organización
activity-organization-renamed = Organización renombrada: { $name }
activity-trust-days = { $count ->
        [0] Los miembros ya no pueden confiar en navegadores
        [one] Los miembros pueden confiar en un navegador durante 1 día
       *[other] Los miembros pueden confiar en un navegador durante { $count } días
    }
activity-member-reset = Autenticación multifactor de un miembro restablecida ({ $member })
activity-reset-asked = Se pidió a los administradores restablecer la autenticación multifactor
activity-role-changed = Rol cambiado: { $role }
activity-member-changed = Miembro cambiado: { $member }
activity-member-removed = Miembro quitado: { $member }
activity-other = Evento de seguridad { $event }
