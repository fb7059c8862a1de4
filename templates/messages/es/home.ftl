# The start page while there is no account yet.

home-title = Configurar { -product }
home-lead = Este servidor todavía no tiene cuentas. La primera se crea con un enlace de un solo uso.
home-step-link = Busque el enlace en la terminal donde se inició el servidor. Está solo en una línea.
home-step-open = Ábralo en este navegador y cree su organización.
home-lost-title = ¿Perdió el enlace?
# $command is shown as code.
home-lost = Ejecute { $command } en el servidor. Muestra un enlace nuevo y el anterior deja de funcionar.
