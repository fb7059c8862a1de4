# A one-time link that has run out, was used, or was never issued.

link-spent-title = This link no longer works
link-spent-lead = One-time links work once and only for a limited time. A newer link also ends the older ones.
link-spent-ask-title = Get a new link
link-spent-ask-mail = Get a new password by mail
link-spent-ask-member = Ask an administrator of your organization to send you a new one.
# $command is shown as code.
link-spent-ask-operator = If you run this server, { $command } prints a new one for that person. Without an address it prints the link for the first account.
link-spent-sign-in = Go to sign in
