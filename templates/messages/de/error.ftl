# One page for everything that has no page of its own.

error-400-title = Diese Anfrage ließ sich nicht lesen
error-400 = Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
error-403-title = Sie haben keinen Zugang zu dieser Seite
error-403 = Die Rolle Ihres Kontos schließt sie nicht ein. Ein Administrator Ihrer Organisation kann das ändern.
# The same status for a sign-out button on a page from before the last sign-in.
error-old-page-title = Diese Seite war zu lange offen
error-old-page = Sie sind noch angemeldet. Wählen Sie noch einmal „Abmelden“.
error-404-title = Seite nicht gefunden
error-404 = Prüfen Sie die Adresse. Wenn Sie einem Link gefolgt sind, ist er vielleicht veraltet.
error-405-title = Diese Adresse lässt sich so nicht öffnen
error-405 = Sie gehört zu einem Formular. Beginnen Sie auf der Seite mit dem Formular.
error-410-title = Diese Seite gibt es nicht mehr
error-410 = Was hier war, funktionierte einmal oder für begrenzte Zeit.
error-408-title = Das hat zu lange gedauert
error-408 = Das Formular kam zu langsam an, und nichts wurde geändert. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.
error-413-title = Das war zu viel Text
error-413 = Das gesendete Formular ist größer, als dieser Dienst annimmt. Kürzen Sie es und versuchen Sie es noch einmal.
error-429-title = Zu viele Anfragen
error-429 = Aus Ihrem Netz kommen Anfragen schneller, als dieser Dienst zulässt.
error-500-title = Es gibt ein Problem mit dem Dienst
error-500 = Es wurde aufgezeichnet. Wenn es bleibt, geben Sie dem Betreiber dieses Dienstes die Referenz unten.
error-503-title = Der Dienst ist gerade nicht verfügbar
error-503 = Von Ihren Eingaben wurde nichts gespeichert.
error-retry = Versuchen Sie es nach { $time } noch einmal.
error-retry-soon = Versuchen Sie es in einer Minute noch einmal.
# $reference is shown as code.
error-reference = Referenz { $reference }
error-start = Zur Startseite
