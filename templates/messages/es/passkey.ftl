# Passkeys: what the browser's answers mean, adding, naming, removing.

# What a passkey is called when nobody says.
passkey-default = Llave de acceso
passkey-default-security-key = Llave de seguridad
passkey-default-phone = Teléfono o tableta

passkey-use = Use la llave de acceso que guardó.
passkey-use-one = Use la llave de acceso que guardó como { $name }.
passkey-use-several = Use una de las llaves de acceso que guardó: { $names }, { $last }.
passkey-use-button = Usar llave de acceso
passkey-sign-in-button = Usar una llave de acceso
passkey-or = o
passkey-sign-in-script = Las llaves de acceso necesitan JavaScript. Puede iniciar sesión con su contraseña.
passkey-script = Su llave de acceso necesita JavaScript. Aquí tiene otro método.
passkey-script-alone = Su llave de acceso necesita JavaScript.
passkey-unsupported = Este navegador no puede usar llaves de acceso.
passkey-unsupported-ways = Este navegador no puede usar llaves de acceso. Elija otro método más abajo.

# While the browser asks, and what came of it.
passkey-waiting = Esperando a su navegador
passkey-cancelled = No se envió nada. Inténtelo de nuevo o elija otro método más abajo.
passkey-address = En esta dirección no se pueden usar llaves de acceso. Abra { $origin } en su lugar.
passkey-kind = Este dispositivo no puede usar ese tipo de llave de acceso.
passkey-network = No se pudo contactar con el servidor. Revise la conexión e inténtelo de nuevo.
passkey-busy = Demasiados intentos. Espere un minuto e inténtelo de nuevo.
passkey-create-cancelled = No se añadió ninguna llave de acceso. Puede intentarlo de nuevo.
passkey-create-kind = Este dispositivo no puede comprobar una huella, un rostro o un PIN, y aquí las llaves de acceso lo necesitan.
passkey-exists = Ya tiene una llave de acceso en este gestor de contraseñas. También funciona en este dispositivo.

passkey-add-title = Añadir una llave de acceso
passkey-add-what = ¿Qué es?
passkey-add-what-answer = Una llave que su dispositivo o gestor de contraseñas guarda por usted. Se desbloquea con su huella, su rostro o el PIN del dispositivo, y no se puede adivinar ni escribir en un sitio falso.
passkey-add-where = ¿Dónde se guarda?
passkey-add-where-answer = En su gestor de contraseñas, en este dispositivo, o en un teléfono o una llave de seguridad: el navegador le deja elegir.
passkey-add-where-elsewhere = Este navegador no puede guardar llaves de acceso. Puede usar un teléfono o una llave de seguridad.
passkey-add-loss = ¿Y si pierdo mi dispositivo?
passkey-add-loss-answer = Una llave de acceso en un gestor de contraseñas está también en sus otros dispositivos. Si no, use otro método o un código de respaldo y quite aquí la que perdió.
passkey-add-before = Su navegador le pedirá ahora que confirme.
passkey-first-after = Esto activa la autenticación multifactor. Se cierra la sesión en los demás dispositivos; en este sigue abierta.
passkey-add-button = Añadir llave de acceso
passkey-key-title = Llave de seguridad
passkey-key-lead = En una llave de seguridad caben pocas llaves de acceso. Añadida de esta forma no ocupa espacio y se usa después de la contraseña.
passkey-key-button = Añadir llave de seguridad
passkey-add-script = Para añadir una llave de acceso se necesita JavaScript.
passkey-add-app = Usar una aplicación de autenticación

passkey-name-title = Dar nombre a su llave de acceso
passkey-name = Nombre
passkey-name-hint = Algo que le permita reconocerla, por ejemplo "Computadora del trabajo".
passkey-name-button = Guardar nombre
passkey-name-keep = Dejar este nombre

passkey-remove-title = ¿Quitar "{ $name }"?
passkey-remove-after = Ya no podrá iniciar sesión con ella. Elimínela también en { $provider }; de lo contrario, puede que el navegador la siga ofreciendo.
passkey-remove-after-unknown = Ya no podrá iniciar sesión con ella. Elimínela también en su gestor de contraseñas; de lo contrario, puede que el navegador la siga ofreciendo.
passkey-remove-after-key = Ya no podrá iniciar sesión con ella. La llave de seguridad en sí sigue funcionando para otras cuentas.
passkey-remove-left-passkey = la llave de acceso "{ $name }"
passkey-remove-next = Después usará { $method }. Las llaves de acceso son el único método de aquí que no se puede robar con un sitio falso.
passkey-remove-button = Quitar llave de acceso
passkey-remove-last = "{ $name }" es su único método. Al quitarlo se desactiva la MFA; bastará con la contraseña.
passkey-remove-refused-title = "{ $name }" no se puede quitar
