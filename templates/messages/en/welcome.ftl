# The first owner creates the organization.

welcome-title = Create your organization
welcome-lead = You become its owner.
welcome-organization-hint = The name its members see
welcome-account-title = Your account
welcome-email-hint = You sign in with it
welcome-button = Create organization
