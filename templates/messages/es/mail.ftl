# Mails about changes to an account: a subject that says what happened, and one sentence.

mail-account = Cuenta
mail-when = Cuándo
mail-where = Dónde
mail-not-you = Si no fue usted, revise la actividad de los últimos días y cambie su contraseña. Si ya no puede iniciar sesión, pida ayuda a un administrador.
mail-no-secret = Nunca pedimos una contraseña ni un código por correo.

mail-new-device = Nuevo inicio de sesión en { $product }
mail-new-device-text = Se inició sesión en su cuenta desde un dispositivo nuevo o que no se usaba desde hace mucho tiempo.
mail-unfinished = Un inicio de sesión se detuvo después de la contraseña
mail-unfinished-text = Alguien escribió la contraseña de su cuenta y no dio el segundo paso. Si fue usted, no tiene que hacer nada.
mail-trusted = Nuevo navegador de confianza
mail-trusted-text = { $count ->
        [one] Durante 1 día su contraseña basta para iniciar sesión en el navegador indicado abajo. Un cambio de la contraseña o de los métodos lo termina.
       *[other] Durante { $count } días su contraseña basta para iniciar sesión en el navegador indicado abajo. Un cambio de la contraseña o de los métodos lo termina.
    }
mail-trust-copied = Puede que hayan copiado un navegador de confianza
mail-trust-copied-text = Alguien escribió la contraseña de su cuenta y mostró lo que un navegador de confianza ya había usado, como lo haría alguien que tuviera una copia. Ya no se confía en ese navegador y se pidió el segundo paso. Si usted estaba iniciando sesión y se cortó la conexión, este es el motivo.
mail-password-changed = Contraseña cambiada
mail-password-changed-text = Se cambió la contraseña de su cuenta. Se cerró la sesión en los demás dispositivos.
mail-password-chosen = Contraseña elegida
mail-password-chosen-text = Se eligió una contraseña para su cuenta con un enlace de un solo uso.
mail-method-on = Método activado: { $method }
mail-method-on-text = Se activó este método en su cuenta: { $method }.
mail-method-off = Método desactivado: { $method }
mail-method-off-text = Se desactivó este método en su cuenta: { $method }. Se cerró la sesión en los demás dispositivos.
mail-method-removed = Método quitado: { $method }
mail-method-removed-text = Se quitó este método de su cuenta: { $method }. Se cerró la sesión en los demás dispositivos.
mail-mfa-on = MFA activada
mail-mfa-on-text = Se activó la autenticación multifactor en su cuenta.
mail-mfa-off = MFA desactivada
mail-mfa-off-text = Se desactivó la autenticación multifactor en su cuenta: basta con la contraseña. Se cerró la sesión en los demás dispositivos.
mail-primary = Método principal cambiado
mail-primary-text = A partir de ahora, su cuenta pide primero este método: { $method }.
mail-reset = Su MFA se restableció
mail-reset-text = Se quitaron todos los métodos y códigos de respaldo de su cuenta. Se cerró la sesión en los demás dispositivos.
mail-reset-by-administrator-text = Un administrador quitó todos los métodos y códigos de respaldo de su cuenta y cerró su sesión en todas partes. Configure de nuevo la MFA en su próximo inicio de sesión.
mail-member-reset = Usted restableció la MFA de un miembro
mail-member-reset-text = Se quitaron todos los métodos y códigos de respaldo de un miembro: { $member }.
mail-reset-asked = Usted pidió restablecer su MFA
mail-reset-asked-text = Alguien que conoce la contraseña de su cuenta pidió a los administradores de su organización que restablezcan su MFA. Todavía no ha cambiado nada.
mail-reset-requested = Piden restablecer la MFA: { $name }
mail-reset-requested-text = Alguien que conoce la contraseña de { $name } ({ $email }) dice que no puede usar ningún segundo método y pide que usted restablezca su MFA.
mail-reset-requested-check = Compruebe quién lo pide: llame a esa persona a un número que usted ya conozca. Si no lo pidió, alguien más conoce su contraseña: no restablezca nada y dígale a esa persona que la cambie. Si lo pidió, restablezca su MFA aquí:
mail-role = Su rol cambió
mail-role-text = Un administrador le dio otro rol en su organización.
mail-removed = Su cuenta se eliminó
mail-removed-text = Un administrador eliminó su cuenta con todo lo que contenía. Ya no puede iniciar sesión con ella.
mail-passkey-added = Llave de acceso añadida
mail-passkey-added-text = Se añadió a su cuenta la llave de acceso "{ $name }".
mail-passkey-removed = Llave de acceso quitada
mail-passkey-removed-text = Se quitó de su cuenta la llave de acceso "{ $name }". Se cerró la sesión en los demás dispositivos.
mail-passkey-counter = Puede que hayan copiado una llave de acceso
mail-passkey-counter-text = Se rechazó una llave de acceso de su cuenta porque puede que se esté usando una copia. Quítela y añádala de nuevo, salvo que sepa el motivo.
mail-codes-created = Códigos de respaldo creados
mail-codes-created-text = Se crearon diez códigos de respaldo nuevos para su cuenta. Los anteriores dejaron de funcionar.
mail-code-used = Se usó un código de respaldo (restantes: { $count })
mail-code-used-text = { $count ->
        [0] Se usó un código de respaldo de su cuenta. Era el último. Cree códigos nuevos ahora en su página de seguridad.
        [1] Se usó un código de respaldo de su cuenta. Solo queda 1 código. Cree pronto códigos nuevos en su página de seguridad.
        [2] Se usó un código de respaldo de su cuenta. Solo quedan 2 códigos. Cree pronto códigos nuevos en su página de seguridad.
        [3] Se usó un código de respaldo de su cuenta. Solo quedan 3 códigos. Cree pronto códigos nuevos en su página de seguridad.
       *[other] Se usó un código de respaldo de su cuenta. Quedan { $count } códigos.
    }
mail-locked = Códigos bloqueados por un tiempo
mail-locked-text = Alguien escribió la contraseña de su cuenta y después demasiados códigos incorrectos. Los códigos están bloqueados por un tiempo; una llave de acceso sigue funcionando.
mail-suspended = Códigos desactivados
mail-suspended-text = Después de la contraseña de su cuenta se escribieron códigos incorrectos una y otra vez. Los códigos están desactivados en su cuenta. Inicie sesión con una llave de acceso o pida ayuda a un administrador.
mail-token-reused = Se cerró la sesión de una aplicación
mail-token-reused-text = Una aplicación intentó mantener la sesión con una clave que ya se había usado, como lo haría alguien que tuviera una copia. Se cerró su sesión.

# Mails about what an organization requires.
mail-required = MFA obligatoria desde el { $date }
mail-required-text = { $organization } exige la autenticación multifactor desde el { $time }. A partir de entonces tendrá que configurar un método antes de continuar.
mail-required-now = La MFA ya es obligatoria
mail-required-now-text = { $organization } exige la autenticación multifactor. Tendrá que configurar un método antes de continuar.
mail-required-set-up = Configúrela ahora; lleva unos dos minutos:
mail-required-ready = Ya la tiene: no tiene que hacer nada.
mail-required-ask = Si tiene preguntas, diríjase a un administrador de { $organization }.

# The mail of an email link.
mail-link-sign-in-subject = Su enlace de inicio de sesión
mail-link-sign-in-lead = Abra este enlace en el navegador donde está iniciando sesión:
mail-link-sign-in-not-you = Si no está iniciando sesión, alguien tiene la contraseña de su cuenta. No abra el enlace ni dé el código a nadie; inicie sesión usted y cambie su contraseña.
mail-link-set-up-subject = Confirme su dirección de correo
mail-link-set-up-lead = Abra este enlace para usar su buzón como segundo factor de su cuenta:
mail-link-set-up-not-you = Si no lo pidió usted, alguien tiene la sesión iniciada en su cuenta. No abra el enlace; inicie sesión, cierre la sesión en los demás dispositivos y cambie su contraseña.
mail-link-code = O escriba allí este código: { $code }
mail-link-until = Cualquiera de los dos funciona una vez, hasta las { $time }.

# Mails that somebody asked for. The link stands below the sentence.

mail-request-until = El enlace funciona una vez, hasta el { $time }.
mail-request-again = Después, pida uno nuevo:
mail-request-not-you = Si no fue usted, no tiene que hacer nada: no ha cambiado nada.
mail-password-link = Su enlace para una contraseña nueva
mail-password-link-text = Alguien, probablemente usted, pidió una contraseña nueva para esta cuenta. Elíjala en esta página:
mail-invitation = Su cuenta nueva
mail-invitation-text = Se creó una cuenta para usted. Elija una contraseña en esta página:
mail-invitation-organization-text = Se creó una cuenta para usted en { $organization }. Elija una contraseña en esta página:
mail-invitation-ask = Si no lo esperaba o tiene preguntas, diríjase a quien gestiona este servicio.
mail-invitation-organization-ask = Si no lo esperaba o tiene preguntas, diríjase a un administrador de { $organization }.
mail-address-link = Confirme su nueva dirección de correo
mail-address-link-text = Alguien, probablemente usted, quiere usar esta dirección de correo para su cuenta. Confírmela en esta página, en un navegador donde tenga la sesión iniciada:
mail-address-taken = Esta dirección de correo ya tiene una cuenta
mail-address-taken-text = Alguien, probablemente usted, quiso usar esta dirección de correo para otra cuenta. La dirección ya tiene una cuenta, así que no se cambió nada. Si quiere usarla allí, elija primero otra dirección para esta cuenta.

mail-address-changed = Dirección de correo cambiada
mail-address-changed-text = La dirección de correo de su cuenta es ahora { $address }. A partir de ahora inicia sesión con ella y allí llegan los correos.
mail-address-changed-not-you = Si no fue usted, puede que otra persona tenga su cuenta: avise de inmediato a un administrador de su organización o a quien gestiona este servicio.
