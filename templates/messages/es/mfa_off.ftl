# Turning multi-factor authentication off, and why that may not be possible.

mfa-off-title = ¿Desactivar la autenticación multifactor?
mfa-off-after = Iniciará sesión solo con la contraseña. Sus llaves de acceso y otros métodos siguen guardados.
mfa-off-devices = Se cierra la sesión en los demás dispositivos; en este sigue abierta.
mfa-off-button = Desactivar
mfa-off-keep = Mantenerla
mfa-off-refused-title = La autenticación multifactor sigue activada
mfa-off-refused = { $organization } la exige. Puede cambiar los métodos, pero no desactivarla.
mfa-off-back = Volver a Seguridad
