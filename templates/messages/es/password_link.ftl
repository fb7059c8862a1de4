# Choosing a first or a new password with a one-time link.

password-link-title = Elegir una contraseña
# $email is shown in bold.
password-link-for = Para la cuenta { $email }
password-link-after = Este enlace funciona una vez. Después, inicie sesión con la contraseña nueva; se cierra la sesión en los dispositivos donde ahora está iniciada.
password-link-button = Guardar contraseña
