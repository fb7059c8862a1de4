# Help for people who sign in, and a few lines for whoever runs the server.

help-title = Ayuda con el acceso y la recuperación
help-sections-label = En esta página

help-sign-in-title = Iniciar sesión
help-sign-in = Use la dirección de correo y la contraseña de su cuenta. Tras varias contraseñas incorrectas tiene que esperar hasta un minuto antes del siguiente intento; nada se bloquea para siempre.
help-sign-in-ended = Tras un tiempo sin actividad se le pide que inicie sesión de nuevo.

help-mfa-title = Para qué sirve la autenticación multifactor
help-mfa = Una contraseña se puede adivinar, reutilizar o escribir en un sitio falso. Un segundo método, algo que usted tiene, hace que la cuenta siga siendo suya incluso entonces.
help-mfa-status = La página Seguridad dice en una frase cómo está protegida su cuenta.
help-mfa-app = Una aplicación de autenticación muestra un código de 6 dígitos que cambia cada 30 segundos. Si se rechaza un código correcto, normalmente el reloj del teléfono no va bien: haga que el teléfono lo ajuste automáticamente.
help-mfa-codes = Los códigos de respaldo son para el día en que no tenga la aplicación a mano. Cada uno funciona una vez. Tras 5 códigos incorrectos tiene que esperar 15 minutos; después, más tiempo.

help-password-title = Contraseña perdida
help-password = Nadie puede leer las contraseñas, solo se pueden reemplazar. Le enviamos por correo un enlace para elegir una nueva; si no puede usar su buzón, un administrador de su organización puede conseguirle uno.
help-password-mail = Obtener otra contraseña
help-password-link = Recuperar el acceso a su cuenta

help-device-title = Dispositivo perdido
help-device = Inicie sesión en otro dispositivo, abra Seguridad y cierre la sesión en el que perdió. Pierde el acceso de inmediato. Si ese dispositivo tenía guardada su contraseña, cámbiela también; así se cierra de una vez la sesión en los demás dispositivos.
help-device-phone = Si tenía en él la aplicación de autenticación, inicie sesión con un código de respaldo y pase la aplicación a un teléfono nuevo.
help-device-link = Abrir Seguridad

help-ask-title = A quién preguntar
help-ask = Primero a un administrador de su organización; después, a quien gestiona este servicio. Tras escribir la contraseña, la página para quienes no pueden usar ninguno de sus métodos tiene un botón que avisa por correo a sus administradores. Nadie que le ayude necesita su contraseña; no se la dé a nadie.

help-operator-title = Gestionar el servidor
help-operator = Estos comandos se ejecutan en el servidor, también mientras está en servicio.
help-operator-link = Muestra un enlace de un solo uso con el que esa persona elige una contraseña nueva. Sin dirección: el enlace de la primera cuenta.
help-operator-create = Añade a una persona y muestra su enlace.
help-operator-list = Enumera las cuentas.
help-operator-status = Muestra cómo está protegida una cuenta.
help-operator-reset = Quita todos los métodos de una cuenta y cierra su sesión en todas partes.
help-operator-help = Nombra todos los comandos y opciones.
