# Sign in.

login-title = Iniciar sesión
login-button = Iniciar sesión
login-session-ended = Su sesión terminó. Inicie sesión de nuevo para continuar.
login-took-too-long = El inicio de sesión tardó demasiado. Empiece de nuevo.
login-forgot = ¿Olvidó la contraseña?
