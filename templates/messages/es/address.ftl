# Changing the email address of the account, and confirming the new one.

address-title = Cambiar dirección de correo
# $email is shown in bold.
address-now = Su dirección de correo es { $email }
address-hint = Enviamos un enlace a esa dirección. Nada cambia hasta que lo abra y confirme.
address-button = Enviar enlace
address-keep = Conservar la actual

address-confirm-title = Confirme su nueva dirección de correo
# $email is shown in bold.
address-confirm-lead = Su cuenta pasa a tener la dirección { $email }
address-confirm-after = Desde entonces inicia sesión con ella, y { $email } deja de funcionar. Avisamos a las dos direcciones.
address-confirm-button = Confirmar dirección
