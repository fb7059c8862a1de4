# The start page while there is no account yet.

home-title = { -product } einrichten
home-lead = Auf diesem Server gibt es noch kein Konto. Das erste wird über einen Einmal-Link erstellt.
home-step-link = Suchen Sie den Link im Terminal, in dem der Server gestartet wurde. Er steht allein in einer Zeile.
home-step-open = Öffnen Sie ihn in diesem Browser und erstellen Sie Ihre Organisation.
home-lost-title = Link verloren?
# $command is shown as code.
home-lost = Führen Sie auf dem Server { $command } aus. Das gibt einen neuen Link aus, und der alte funktioniert nicht mehr.
