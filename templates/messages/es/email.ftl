# Email links: setting the method up, waiting for a mail, and the page behind its link.

email-code-label = Código del correo
email-code-hint = 6 dígitos, en el mismo correo que el enlace

email-set-up-title = Configurar el enlace por correo
email-set-up-lead = Enviamos un correo a { $address }. Su enlace o su código demuestra que usted puede leerlo.
email-set-up-note = Cualquiera que pueda leer su correo puede usar este método. Una llave de acceso o una aplicación de autenticación es más segura.
email-set-up-standard = NIST SP 800-63B no considera el correo un segundo factor. Aun así, es mejor que la contraseña sola.
email-set-up-button = Activar enlace por correo
email-send = Enviar correo
email-cancel = Cancelar

# The panel of the second step.
email-panel-lead = Enviamos un enlace y un código de 6 dígitos a { $address }.
email-panel-alone = Su contraseña también se estableció por correo, así que su buzón es lo único que protege esta cuenta. Añada otro método después de iniciar sesión.
email-panel-button = Enviar enlace

email-wait-title = Revise su correo
email-wait-lead = Enviamos un enlace a { $address }. Ábralo en este navegador.
email-wait-until = Funciona una vez, hasta las { $time }.
email-wait-code = O escriba el código del correo
email-wait-opened = Ya abrí el enlace
email-wait-none-title = ¿No llegó el correo?
email-wait-none = Mire en la carpeta de correo no deseado. Un minuto después del último puede pedir otro; sustituye al anterior.
email-send-again = Reenviar
email-send-new = Enviar otro enlace
email-other = Usar otro método

email-landing-sign-in = Terminar de iniciar sesión
email-landing-set-up = Confirme su dirección de correo
email-landing-confirm-button = Confirmar con enlace por correo
# $client is a browser and an address.
email-landing-lead = Usted lo pidió como { $account } desde { $client }.
email-landing-lead-unknown = Usted lo pidió como { $account }.
email-landing-not-you = Si no lo pidió usted, cierre esta página y cambie su contraseña.
email-landing-elsewhere-title = Abra este enlace donde empezó
email-landing-elsewhere = Este enlace funciona en el navegador que lo pidió. Ábralo allí, o escriba allí el código de 6 dígitos del mismo correo.
email-landing-over-title = Este enlace ya no funciona
email-landing-used = Ya se usó el { $time }.
email-landing-newer = Se envió un enlace más nuevo el { $time }. Use ese.
email-landing-expired = Venció el { $time }.
email-landing-unknown = Compruebe que lo copió entero o pida uno nuevo.
email-landing-security = Ir a Seguridad

email-remove-title = ¿Quitar el enlace por correo?
email-remove-after = Ya no podrá iniciar sesión con un correo. Su dirección no cambia.
email-remove-button = Quitar enlace por correo
email-remove-last = El enlace por correo es su único método. Al quitarlo se desactiva la MFA; bastará con la contraseña.
email-remove-refused-title = El enlace por correo no se puede quitar
email-remove-refused-alone = { $organization } exige la MFA y este es su único método, así que no se puede quitar.
