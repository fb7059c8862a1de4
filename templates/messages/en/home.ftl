# The start page while there is no account yet.

home-title = Set up { -product }
home-lead = This server has no account yet. The first one is created with a one-time link.
home-step-link = Find the link in the terminal where the server was started. It stands alone on a line.
home-step-open = Open it in this browser and create your organization.
home-lost-title = Lost the link?
# $command is shown as code.
home-lost = Run { $command } on the server. It prints a new link and the old one stops working.
