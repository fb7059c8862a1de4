# Signing out every other device, or one of them.

devices-title = { $count ->
        [one] ¿Cerrar la sesión en 1 dispositivo más?
       *[other] ¿Cerrar la sesión en otros { $count } dispositivos?
    }
devices-after = Esos dispositivos pierden el acceso de inmediato y tendrán que iniciar sesión de nuevo. En este la sesión sigue abierta.
devices-after-trust = Después ya no se confía en ningún navegador: en el próximo inicio de sesión se pide en todos el segundo paso.
devices-button = Cerrar las demás sesiones
devices-keep = Mantenerlas
devices-one-title = ¿Cerrar la sesión en { $device }?
devices-one-after = Ese dispositivo pierde el acceso de inmediato y tendrá que iniciar sesión de nuevo. En este la sesión sigue abierta.
devices-one-button = Cerrar la sesión
devices-one-keep = Mantenerla
devices-none-title = No hay otros dispositivos
devices-none = Este es el único dispositivo con la sesión iniciada en su cuenta.
devices-back = Volver a Seguridad
