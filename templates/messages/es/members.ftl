# The members of an organization: the list, one of them, and resetting one.

members-title = Miembros
members-back = Seguridad de la organización
members-filters-label = Filtrar
members-all = Todos
members-on = Con MFA
members-off = Sin MFA
members-no-codes = Sin códigos de respaldo
members-search = Buscar
members-search-hint = El comienzo de una dirección de correo, un nombre o un apellido
members-search-button = Buscar miembros
members-caption = Miembros por dirección de correo
members-name = Nombre
members-mfa = MFA
members-methods = Métodos
members-last-sign-in = Último inicio de sesión
members-action = Acción
members-manage = Gestionar
members-never = Nunca
members-empty = Ningún miembro coincide.
members-clear = Quitar filtros
members-file = Descargar esta lista (CSV)
members-pages-label = Páginas
members-previous = Anterior
members-next = Siguiente

members-state-on = Activada
members-state-off = Desactivada
members-state-by = Plazo: { $date }
members-state-reset = Restablecida el { $date }

member-back = Miembros
member-methods-title = Métodos
member-methods-none = No hay ningún método configurado.
member-passkey = Llave de acceso "{ $name }"
member-since = Desde el { $date }
member-used = Último uso el { $date }
member-not-used = Aún sin usar
member-switched-off = Sin activar
member-codes = { $count ->
        [0] No quedan códigos de respaldo.
        [one] Queda 1 código de respaldo.
       *[other] Quedan { $count } códigos de respaldo.
    }
member-codes-none = No hay códigos de respaldo.
member-role = Rol
member-role-user = Miembro
member-role-billing = Facturación
member-role-workspaces = Espacios de trabajo
member-role-administrator = Administrador
member-role-owner = Propietario
member-email = Correo
member-last-sign-in = Último inicio de sesión
member-activity-title = Actividad
member-activity-caption = Página { $page }, sin direcciones IP
member-activity-empty = Todavía no hay nada.
member-reset-title = Restablecer MFA
member-reset = Para quien perdió todas las formas de demostrar quién es. Quita todos los métodos y códigos de respaldo y cierra su sesión en todas partes.
member-reset-link = Restablecer MFA
member-reset-oneself = No puede restablecer su propia MFA. Pídalo a otro administrador.
member-reset-owner = Solo un propietario puede restablecer la MFA de un propietario.
member-reset-nothing = No hay nada que restablecer: no hay ningún método configurado.

reset-title = ¿Restablecer la MFA de { $name }?
reset-check = Compruebe quién lo pide: llame a esa persona a un número que usted ya conozca.
reset-passkeys = { $count ->
        [one] 1 llave de acceso
       *[other] { $count } llaves de acceso
    }
reset-app = la aplicación de autenticación
reset-email = el enlace por correo
reset-codes = { $count ->
        [one] 1 código de respaldo
       *[other] { $count } códigos de respaldo
    }
reset-and = { $first } y { $last }
reset-after = { $count ->
        [0] Esto quita { $things }. La persona no tiene la sesión iniciada en ningún dispositivo.
        [one] Esto quita { $things } y cierra la sesión de la persona en 1 dispositivo.
       *[other] Esto quita { $things } y cierra la sesión de la persona en { $count } dispositivos.
    }
reset-trust = { $count ->
        [one] También termina la confianza en 1 navegador.
       *[other] También termina la confianza en { $count } navegadores.
    }
reset-next-required = Deberá configurar de nuevo la MFA en su próximo inicio de sesión.
reset-next = Podrá configurar de nuevo la MFA después de iniciar sesión con su contraseña.
reset-reason = Motivo
reset-reason-hint = Se guarda en el registro de actividad
reset-confirm = Escriba { $email } para confirmar
reset-button = Restablecer MFA
reset-keep = Conservar MFA
