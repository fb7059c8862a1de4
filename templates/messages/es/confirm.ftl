# The step-up: proving again who is there before something important.

# $action completes the sentence.
confirm-lead = Está a punto de { $action }.
confirm-button = Confirmar con contraseña
confirm-code-button = Confirmar con código
confirm-cancel = Cancelar

confirm-action-device = cerrar la sesión en un dispositivo
confirm-action-devices = cerrar la sesión en los demás dispositivos
confirm-action-password = cambiar su contraseña
confirm-action-address = cambiar su dirección de correo
confirm-action-app = configurar una aplicación de autenticación
confirm-action-app-remove = quitar su aplicación de autenticación
confirm-action-email = configurar el enlace por correo
confirm-action-email-remove = quitar el enlace por correo
confirm-action-passkey = añadir una llave de acceso
confirm-action-passkey-name = renombrar una llave de acceso
confirm-action-passkey-remove = quitar una llave de acceso
confirm-action-codes = crear códigos de respaldo
confirm-action-primary = cambiar su método principal
confirm-action-on = activar la autenticación multifactor
confirm-action-off = desactivar la autenticación multifactor
confirm-action-requirement = cambiar lo que su organización pide a sus miembros
confirm-action-trust = cambiar durante cuánto tiempo se confía en los navegadores
confirm-action-member-reset = restablecer la MFA de un miembro
confirm-action-other = cambiar un ajuste de seguridad
