# Asking for a new password by mail. The same for everybody, known or not.

password-lost-title = Obtener una contraseña nueva
password-lost-lead = Le enviamos un enlace por correo para que elija una. Si usa un segundo método para iniciar sesión, se le seguirá pidiendo después.
password-lost-button = Enviar enlace
password-lost-other = No puedo leer mi correo
