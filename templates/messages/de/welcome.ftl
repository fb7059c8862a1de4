# The first owner creates the organization.

welcome-title = Ihre Organisation erstellen
welcome-lead = Sie werden Inhaber der Organisation.
welcome-organization-hint = Der Name, den die Mitglieder sehen
welcome-account-title = Ihr Konto
welcome-email-hint = Damit melden Sie sich an
welcome-button = Organisation erstellen
