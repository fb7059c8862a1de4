# Getting back in. The same for everybody, known or not.

recover-title = Recuperar el acceso a su cuenta
recover-lead = Qué opción sirve depende de lo que todavía tenga. Esta página es igual para todo el mundo.
recover-code-title = Usar un código de respaldo
recover-code = Inicie sesión con su contraseña. En la página siguiente, elija Código de respaldo.
recover-code-owed = Cada uno de los 10 códigos que guardó funciona una vez.
recover-code-link = Usar un código de respaldo
recover-device-title = Usar un dispositivo con la sesión iniciada
recover-device = Puede que su navegador o gestor de contraseñas aún recuerde la contraseña, así que mire ahí primero. Para cambiarla hace falta la actual, también en ese dispositivo.
recover-admin-title = Pedir ayuda a un administrador
recover-admin = Un administrador de su organización, o quien gestiona este servicio, puede darle un enlace de un solo uso para una contraseña nueva o restablecer su autenticación multifactor. Querrá asegurarse de que es usted quien lo pide.
recover-contact-title = Contacto de este servicio
recover-sign-in = Iniciar sesión
recover-owed = Inició sesión como { $email } con su contraseña. Su cuenta pide además un segundo método; la contraseña sola no basta.
recover-owed-admin = Un administrador de su organización, o quien gestiona este servicio, puede restablecer su autenticación multifactor. Querrá asegurarse de que es usted quien lo pide.
recover-sign-out = Cerrar sesión
recover-owed-back = Volver al segundo paso
recover-security = Volver a Seguridad
recover-ask-title = Pedir a un administrador de { $organization } que restablezca su MFA
recover-ask = Los administradores reciben un correo, como mucho uno al día, y querrán asegurarse de que es usted quien lo pide.
recover-ask-button = Pedir restablecimiento
