# Changing the email address of the account, and confirming the new one.

address-title = Change email address
# $email is shown in bold.
address-now = Your email address is { $email }
address-hint = We mail a link there. Nothing changes until you open it and confirm.
address-button = Send link
address-keep = Keep the current one

address-confirm-title = Confirm your new email address
# $email is shown in bold.
address-confirm-lead = Your account gets the address { $email }
address-confirm-after = From then on you sign in with it, and { $email } no longer works. We tell both addresses.
address-confirm-button = Confirm address
