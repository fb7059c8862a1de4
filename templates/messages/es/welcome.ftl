# The first owner creates the organization.

welcome-title = Crear su organización
welcome-lead = Usted tendrá el rol de propietario.
welcome-organization-hint = El nombre que ven sus miembros
welcome-account-title = Su cuenta
welcome-email-hint = La usará para iniciar sesión
welcome-button = Crear organización
