# Sign in.

login-title = Sign in
login-button = Sign in
login-session-ended = Your session ended. Sign in again to continue.
login-took-too-long = Signing in took too long. Start again.
login-forgot = Forgot password?
