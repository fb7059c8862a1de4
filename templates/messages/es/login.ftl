# Sign in.

login-title = Iniciar sesión
login-button = Iniciar sesión
login-session-ended = Su sesión terminó. Inicie sesión de nuevo para continuar.
login-forgot = ¿Olvidó la contraseña?
