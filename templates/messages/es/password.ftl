# Changing the password while signed in.

password-title = Cambiar contraseña
password-after = Al guardar se cierra la sesión en los demás dispositivos. En este sigue abierta.
password-button = Cambiar contraseña
password-keep = Conservar la actual
