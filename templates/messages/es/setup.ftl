# The gate: multi-factor authentication is demanded and nothing usable is set up; and the reminder before that day.

setup-title = Configurar la autenticación multifactor
setup-lead = { $organization } la exige. Podrá usar el resto del servicio en cuanto funcione un método.
setup-lead-from = { $organization } la exige desde el { $date }. Lleva unos dos minutos.
setup-later-title = Configure pronto la autenticación multifactor
setup-later-after = Desde ese día no podrá continuar sin ella.
setup-later-now = Configurar ahora
setup-later = Recordar más tarde
setup-email = Enviamos un enlace a su dirección de correo. Cualquiera que pueda leer su correo puede usarlo.
setup-app = Una aplicación en su teléfono o computadora que muestra un código nuevo de 6 dígitos cada 30 segundos.
setup-passkey = Su huella, su rostro o el PIN del dispositivo. No se puede adivinar ni escribir en un sitio falso.
setup-recommended = Recomendado
setup-card-button = Configurar
setup-none-title = Todavía no se puede configurar nada en este servidor
setup-none = Esta versión de { -product } no ofrece ningún método. Pida a un administrador que suspenda el requisito o que actualice el servidor.
setup-sign-out = Cerrar sesión
