# Labels, hints and problems that more than one form shares.

form-email = Dirección de correo
form-password = Contraseña
form-new-email = Nueva dirección de correo
form-new-password = Contraseña nueva
form-current-password = Contraseña actual
form-organization = Nombre de la organización
form-first-name = Nombre
form-last-name = Apellidos
form-show-password = Mostrar contraseña

# $min is the smallest number of characters.
form-password-hint = Al menos { $min } caracteres. Cuatro o cinco palabras sin relación entre sí dan una contraseña segura; los espacios cuentan.

form-problem-page-old = Esta página estuvo abierta demasiado tiempo. Revise los datos e inténtelo de nuevo.
form-problem-busy = El servicio está ocupado. Espere unos segundos e inténtelo de nuevo.
form-problem-email-empty = Escriba su dirección de correo
form-problem-email-format = Escriba una dirección de correo con el formato nombre@example.com
form-problem-email-same = Esa ya es su dirección de correo. Escriba la nueva.
form-problem-password-empty = Escriba su contraseña
form-problem-wrong-pair = Revise la dirección de correo y la contraseña, e inténtelo de nuevo
form-problem-wrong-password = Esa contraseña no es correcta. Inténtelo de nuevo.
form-problem-throttled = Demasiados intentos. Inténtelo de nuevo después de las { $time }.
form-problem-sign-in-throttled = Demasiados intentos. Inténtelo de nuevo después de las { $time } o restablezca su contraseña.
form-problem-new-password-empty = Escriba una contraseña nueva
form-problem-new-password-short = La contraseña nueva debe tener { $min } caracteres o más
form-problem-new-password-long = La contraseña nueva debe tener { $max } caracteres o menos
form-problem-new-password-common = Mucha gente usa esa contraseña, así que es fácil de adivinar. Elija otra.
form-problem-new-password-personal = Esa contraseña es un nombre o una dirección que otras personas conocen de usted. Elija otra.
form-problem-new-password-same = Elija una contraseña distinta de la actual
form-problem-current-password-empty = Escriba su contraseña actual
form-problem-current-password-wrong = Esa no es su contraseña actual. Inténtelo de nuevo.
form-problem-organization-empty = Escriba el nombre de su organización
form-problem-organization-long = El nombre de la organización debe tener { $max } caracteres o menos
form-problem-first-name-empty = Escriba su nombre
form-problem-first-name-long = El nombre debe tener { $max } caracteres o menos
form-problem-last-name-empty = Escriba sus apellidos
form-problem-last-name-long = Los apellidos deben tener { $max } caracteres o menos

form-problem-app-code-empty = Escriba el código de su aplicación de autenticación
form-problem-app-code-length = Escriba los 6 dígitos del código
form-problem-app-code-letters = El código solo tiene números
form-problem-app-code-wrong = Ese código no es correcto. Los códigos cambian cada 30 segundos; escriba el más nuevo.
# Before one of the sentences about the clock.
form-problem-app-code-off = Ese código no es correcto.
form-problem-app-code-spent = Ese código ya se usó. Espere al siguiente.
form-problem-clock-suspect = Si sigue fallando, compruebe que el reloj del teléfono se ajusta automáticamente.
form-problem-clock-behind = { $count ->
        [one] El reloj de su teléfono está atrasado alrededor de 1 minuto. Active su ajuste automático y escriba el código más nuevo.
       *[other] El reloj de su teléfono está atrasado unos { $count } minutos. Active su ajuste automático y escriba el código más nuevo.
    }
form-problem-clock-ahead = { $count ->
        [one] El reloj de su teléfono está adelantado alrededor de 1 minuto. Active su ajuste automático y escriba el código más nuevo.
       *[other] El reloj de su teléfono está adelantado unos { $count } minutos. Active su ajuste automático y escriba el código más nuevo.
    }
form-problem-backup-code-empty = Escriba uno de sus códigos de respaldo
form-problem-backup-code-length = Escriba las 10 letras y cifras del código de respaldo
form-problem-backup-code-wrong = Ese código de respaldo no es correcto. Fíjese en las letras que se parecen.
form-problem-backup-code-spent = Ese código de respaldo ya se usó. Use otro.
form-problem-backup-code-not-enough = Un código de respaldo no basta para esto. Use otro método.
form-problem-mail-code-empty = Escriba el código del correo
form-problem-mail-code-wrong = Ese código no es correcto. Use el correo más nuevo.
form-problem-mail-code-spent = Ese código ya no funciona. Use el correo más nuevo o envíe otro.
form-problem-mail-code-over = Ese código ya no funciona. Envíe otro correo.
form-problem-mail-too-soon = Podrá pedir otro enlace después de las { $time }.
form-problem-mail-unavailable = No se pudo enviar el correo. Inténtelo de nuevo en un minuto o use otro método.
form-problem-passkey-unknown = Esta llave de acceso ya no está registrada aquí. Inicie sesión de otra forma y añada una nueva.
form-problem-passkey-refused = No se pudo comprobar esa llave de acceso. Inténtelo de nuevo o use su contraseña.
form-problem-passkey-refused-here = No se pudo comprobar esa llave de acceso. Inténtelo de nuevo o elija otro método más abajo.
form-problem-passkey-not-added = No se pudo comprobar la llave de acceso, así que no se añadió.
form-problem-passkeys-full = Tiene { $max } llaves de acceso, el máximo que guardamos. Quite una primero.
form-problem-passkey-name-empty = Escriba un nombre
form-problem-passkey-name-long = El nombre debe tener { $max } caracteres o menos
form-problem-passkey-name-taken = Ya tiene una llave de acceso llamada { $name }
form-problem-tries-left = { $count ->
        [one] Le queda 1 intento.
       *[other] Le quedan { $count } intentos.
    }
form-problem-codes-suspended = Los códigos están desactivados en esta cuenta porque se escribieron demasiados incorrectos. Un administrador puede ayudarle a recuperar el acceso.

form-problem-date-format = Escriba el día, por ejemplo 2027-01-31
form-problem-date-over = Ese día ya pasó. Escriba el día actual o uno posterior.
form-problem-date-far = Escriba un día dentro de los próximos dos años
form-problem-extra-days = Escriba un número de días de 0 a { $max }
form-problem-no-method-counts = Elija al menos un método
form-problem-own-factor-needed = Configure primero la MFA en su propia cuenta, con un método que cuente.
form-problem-reason-empty = Escriba el motivo
form-problem-reason-odd = El motivo tiene caracteres que no se pueden mostrar. Use letras, cifras y signos.
form-problem-outdated = Este miembro cambió desde que usted abrió la página. Vea qué se quitaría ahora y decida de nuevo.
form-problem-reason-long = El motivo debe tener { $max } caracteres o menos
form-problem-confirm-address = Esa no es la dirección de este miembro. Escriba { $address }.
