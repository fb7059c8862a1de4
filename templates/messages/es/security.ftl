# Account security, and the pages below it.

security-title = Seguridad
security-sections-label = En esta página

# Algo cambió en otro lugar mientras un formulario de la página estaba abierto.
security-stale = Algo de esta página ha cambiado en otro lugar.
security-stale-reload = Mostrar los cambios

security-turn-on = Activar
security-turn-on-after = Al activarla se cierra la sesión en los demás dispositivos. En este sigue abierta.
security-turn-off = Desactivar
security-required-by = La exige { $organization }
security-backup-code-used = Inició sesión con un código de respaldo. Códigos restantes: { $count }. Si perdió su teléfono o su llave de acceso, quite abajo ese método y añada uno nuevo.

# What a lost phone would leave. The ways are listed with semicolons between them.
security-forecast = Si perdiera el teléfono, aún podría entrar con: { $ways }.
security-forecast-none = Si perdiera el teléfono, quizá no podría volver a entrar.
security-forecast-key = una llave de seguridad
security-forecast-passkey = una llave de acceso con copia de seguridad
security-forecast-passkey-maybe = una llave de acceso, salvo que esté en ese teléfono
security-forecast-codes = códigos de respaldo
security-forecast-codes-maybe = códigos de respaldo, si los guardó
security-forecast-email-maybe = un enlace por correo, si puede leer su correo en otro lugar
# The one thing that would make it better, as a link.
security-forecast-better = Para mayor seguridad, { $advice }.
security-forecast-create-codes = cree códigos de respaldo
security-forecast-save-codes = cree códigos de respaldo nuevos y guárdelos
security-forecast-add-passkey = añada una llave de acceso
security-forecast-add-durable = añada una llave de seguridad o una llave de acceso con copia de seguridad
security-forecast-add-email = configure el enlace por correo

# A method: since when, and when it was last used.
security-method-used = Se activó el { $since }, último uso el { $used }
security-method-unused = Se activó el { $since }, aún sin usar
security-method-off = Se configuró el { $since }, ahora sin activar
security-method-suspended = Se desactivó tras demasiados códigos incorrectos. Para usar este método, configúrelo de nuevo.
security-method-not-allowed = Este servicio ya no acepta este método

security-passkeys-title = Llaves de acceso
security-passkeys-none = Todavía no hay llaves de acceso. Una llave de acceso le permite iniciar sesión con su huella, su rostro o el PIN del dispositivo. No se puede adivinar ni escribir en un sitio falso.
security-passkeys-purpose = Inicie sesión con su huella, su rostro o el PIN del dispositivo, sin la contraseña.
security-passkeys-recommended = Recomendado
security-passkeys-add = Añadir llave de acceso
security-passkeys-off = Desactivadas: no se le piden al iniciar sesión.
security-passkeys-full = Tiene { $max } llaves de acceso, el máximo que guardamos. Quite una para añadir otra.
security-passkeys-on-devices = En sus dispositivos
security-passkeys-on-keys = En llaves de seguridad
security-passkeys-bound = Solo este dispositivo
security-passkeys-not-backed-up = Aún sin copia
security-passkeys-fragile = Si pierde este dispositivo, pierde estas llaves de acceso. Añada otra en un dispositivo distinto.
security-passkeys-saved-in = Guardada en { $provider }
security-passkeys-added = Añadida el { $date }
security-passkeys-used = Último uso el { $date }
security-passkeys-used-by = Último uso el { $date }, { $client }
security-passkeys-unused = Aún sin usar
security-passkeys-after-password = Se usa después de la contraseña
security-passkeys-rename = Renombrar
security-passkeys-remove = Quitar

security-app-title = Aplicación de autenticación
security-app-none = Sin configurar. Use una aplicación en su teléfono o computadora que muestre un código nuevo de 6 dígitos cada 30 segundos.
security-app-set-up = Configurar
security-app-set-up-again = Configurar de nuevo
security-app-turn-on = Activar
security-app-move = Pasar a un teléfono nuevo
security-app-remove = Quitar

security-email-title = Enlace por correo
security-email-none = Sin configurar. Enviamos un enlace a { $address }; ábralo para confirmar que es usted.
security-email-set-aside = Su contraseña se estableció por correo, así que este método no se acepta hasta que inicie sesión con otro.

security-codes-title = Códigos de respaldo
security-codes-none = No hay códigos. Cree 10 códigos de un solo uso para el día en que no tenga a mano sus otros métodos.
security-codes-first = Podrá crearlos cuando haya un método activado.
security-codes-left = { $left } de 10 sin usar, creados el { $date }
security-codes-unsaved = Creó códigos de respaldo el { $date }, pero no indicó que los guardó.
security-codes-create = Crear códigos de respaldo
security-codes-new = Crear códigos nuevos

security-primary-title = Método principal
security-primary-only = { $method }. Es su único método, así que se pide primero.
security-primary-of-several = Se pide primero { $method }.
security-primary-change = Cambiar método principal

security-password-title = Contraseña
security-password-changed = Último cambio el { $date }
security-password-unknown = Se estableció al crear la cuenta
security-password-change = Cambiar contraseña

security-address-title = Dirección de correo
security-address-change = Cambiar dirección

security-language-title = Idioma
security-language-browser = El del navegador: { $language }
security-language-change = Cambiar idioma

security-demand-title = Organizaciones que exigen MFA
security-demand-since = Obligatoria desde el { $date }
security-demand-from = Obligatoria a partir del { $date }
security-demand-methods = Métodos que cuentan: { $methods }

security-devices-title = Dispositivos conectados
security-devices-purpose = Navegadores y aplicaciones que pueden usar su cuenta ahora.
security-devices-this = Este dispositivo
security-devices-unknown-browser = Navegador desconocido
security-devices-unknown-app = Aplicación o script
security-devices-signed-in = Sesión iniciada el { $date } con { $proof }
security-devices-active = Última actividad el { $date }
security-devices-ip = IP { $address }
security-devices-details = Cómo se identifica
security-devices-sign-out = Cerrar sesión
security-devices-sign-out-others = Cerrar las demás sesiones
security-devices-proof-password = contraseña
security-devices-proof-trusted = contraseña, en un navegador de confianza
security-devices-proof-factor = contraseña y { $factor }

# Browsers in which the password is enough for a while.
security-trusted-title = Navegadores de confianza
security-trusted-purpose = Su contraseña basta para iniciar sesión en ellos. Cualquier cambio de la contraseña o de los métodos termina la confianza en todos.
security-trusted-none = No hay navegadores de confianza. Se le pide un segundo paso cada vez.
security-trusted-until = De confianza hasta el { $date }
security-trusted-stop = Dejar de confiar

security-activity-title = Actividad de seguridad reciente
security-activity-purpose = Inicios de sesión y cambios de seguridad, incluidos los fallidos.
security-activity-caption = Últimos 20 eventos
security-activity-all = Ver toda la actividad
