# One page for everything that has no page of its own.

error-400-title = No se pudo leer esta solicitud
error-400 = Vuelva atrás, recargue la página e inténtelo de nuevo.
error-403-title = No tiene acceso a esta página
error-403 = El rol de su cuenta no la incluye. Un administrador de su organización puede cambiarlo.
# The same status for a sign-out button on a page from before the last sign-in.
error-old-page-title = Esta página estuvo abierta demasiado tiempo
error-old-page = Su sesión sigue abierta. Pulse Cerrar sesión una vez más.
error-404-title = Página no encontrada
error-404 = Revise la dirección. Si siguió un enlace, puede que ya no esté vigente.
error-405-title = Esta dirección no se puede abrir así
error-405 = Pertenece a un formulario. Empiece en la página que tiene el formulario.
error-410-title = Esta página ya no existe
error-410 = Lo que había aquí funcionaba una vez o por un tiempo limitado.
error-408-title = Tardó demasiado
error-408 = El formulario llegó demasiado despacio y no se cambió nada. Revise la conexión e inténtelo de nuevo.
error-413-title = Era demasiado texto
error-413 = El formulario que envió es más grande de lo que acepta este servicio. Acórtelo e inténtelo de nuevo.
error-429-title = Demasiadas solicitudes
error-429 = Desde su red llegan solicitudes más rápido de lo que permite este servicio.
error-500-title = Hay un problema con el servicio
error-500 = Quedó registrado. Si continúa, dé la referencia de abajo a quien gestiona este servicio.
error-503-title = El servicio no está disponible en este momento
error-503 = No se guardó nada de lo que escribió.
error-retry = Inténtelo de nuevo después de las { $time }.
error-retry-soon = Inténtelo de nuevo en un minuto.
# $reference is shown as code.
error-reference = Referencia { $reference }
error-start = Ir a la página de inicio
