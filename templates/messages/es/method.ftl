# What second factors are called: in a list, inside a sentence, and in one line of help.

method-app-name = Aplicación de autenticación
method-email-name = Enlace por correo
method-passkey-name = Llave de acceso
method-code-name = Código de respaldo

method-app = la aplicación de autenticación
method-email = el enlace por correo
method-passkey = una llave de acceso

# After "password and".
method-app-noun = aplicación de autenticación
method-email-noun = enlace por correo
method-passkey-noun = llave de acceso
method-code-noun = código de respaldo

method-app-help = Un código de 6 dígitos de la aplicación de su teléfono o computadora
method-email-help = Un enlace enviado a su dirección de correo
method-passkey-help = Su huella, su rostro o el PIN del dispositivo
method-code-help = Uno de los 10 códigos de un solo uso que guardó
