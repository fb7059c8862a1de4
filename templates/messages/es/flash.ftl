# One line on the page after something worked.

flash-signed-out = Sesión cerrada.
flash-password-chosen = Su contraseña está guardada. Inicie sesión con ella ahora.
flash-password-changed = Contraseña cambiada. Se cerró la sesión en los demás dispositivos.
flash-organization-created = Se creó { $organization }. Usted tiene el rol de propietario.
flash-confirmed = Confirmado. Termine lo que iba a hacer.
flash-device-signed-out = Sesión cerrada: { $device }.
flash-others-signed-out = { $count ->
        [0] No había ningún otro dispositivo con la sesión iniciada.
        [one] Se cerró la sesión en 1 dispositivo más.
       *[other] Se cerró la sesión en otros { $count } dispositivos.
    }
flash-trust-stopped = Ya no se confía en { $browser }. En el próximo inicio de sesión se pide allí el segundo paso.
flash-app-first = Su aplicación de autenticación funciona. La autenticación multifactor está activada y se cerró la sesión en los demás dispositivos.
flash-app-on = Aplicación de autenticación activada.
flash-app-replaced = Su nueva aplicación de autenticación funciona. La anterior ya no.
flash-app-removed = Aplicación de autenticación quitada. Se cerró la sesión en los demás dispositivos.
flash-password-link-asked = Si { $address } tiene una cuenta, el enlace va en camino. Funciona durante una hora.
flash-address-link-asked = Enviamos un enlace a { $address }. Ábralo antes de una hora en este navegador para confirmar esa dirección.
flash-address-changed = Su dirección de correo es ahora { $address }. Inicie sesión con ella desde este momento.
flash-app-removed-next = Aplicación de autenticación quitada. A partir de ahora se pide primero { $method }. Se cerró la sesión en los demás dispositivos.
flash-app-removed-last = Aplicación de autenticación quitada. La autenticación multifactor está desactivada y se cerró la sesión en los demás dispositivos.
flash-app-set-up-expired = Esta configuración venció. Aquí tiene un código nuevo para escanear.
flash-email-first = Su enlace por correo funciona. La autenticación multifactor está activada y se cerró la sesión en los demás dispositivos.
flash-email-on = Enlace por correo activado.
flash-email-removed = Enlace por correo quitado. Se cerró la sesión en los demás dispositivos.
flash-email-removed-next = Enlace por correo quitado. A partir de ahora se pide primero { $method }. Se cerró la sesión en los demás dispositivos.
flash-email-removed-last = Enlace por correo quitado. La autenticación multifactor está desactivada y se cerró la sesión en los demás dispositivos.
flash-passkey-first = Su llave de acceso funciona. La autenticación multifactor está activada y se cerró la sesión en los demás dispositivos.
flash-passkey-added = Su llave de acceso funciona. Desde ahora puede iniciar sesión con ella.
flash-passkey-named = Llave de acceso guardada como { $name }.
flash-passkey-removed = Llave de acceso "{ $name }" quitada. Se cerró la sesión en los demás dispositivos.
flash-passkey-removed-next = Llave de acceso "{ $name }" quitada. A partir de ahora se pide primero { $method }. Se cerró la sesión en los demás dispositivos.
flash-passkey-removed-last = Llave de acceso "{ $name }" quitada. La autenticación multifactor está desactivada y se cerró la sesión en los demás dispositivos.
flash-codes-created = Se crearon 10 códigos de respaldo.
flash-codes-saved = Códigos de respaldo guardados.
flash-primary-changed = Método principal cambiado. Ahora se pide primero { $method }.
flash-mfa-on = La autenticación multifactor está activada. Se cerró la sesión en los demás dispositivos.
flash-mfa-off = La autenticación multifactor está desactivada. Se cerró la sesión en los demás dispositivos; sus métodos siguen guardados.
flash-required = La MFA es obligatoria desde ahora. Se avisa a los miembros por correo.
flash-requirement-saved = Requisito guardado.
flash-requirement-kept = Nada cambió: ya se pedía exactamente esto.
flash-required-from = La MFA es obligatoria desde el { $date }. Se avisa a los miembros por correo.
flash-recommended = Se recomienda la MFA a los miembros.
flash-not-required = La MFA ya no es obligatoria. Los miembros conservan sus métodos.
flash-trust-days = { $count ->
        [0] Ya no se confía en ningún navegador.
        [one] Los miembros pueden confiar en un navegador durante 1 día.
       *[other] Los miembros pueden confiar en un navegador durante { $count } días.
    }
flash-member-reset = Se restableció la MFA de { $name }. Se cerró su sesión en todas partes y se le avisó por correo.
flash-reset-asked-before = Ya se avisó a los administradores hace menos de un día, así que no se envió otro correo. Esté disponible para ellos.
flash-reset-asked = Se avisó por correo a los administradores de su organización. Querrán asegurarse de que es usted, así que esté disponible para ellos.
flash-language-changed = Idioma guardado.
