# In which language somebody reads.

language-title = Sprache
language-legend = Seiten und E-Mails sind in dieser Sprache.
# What somebody has who never chose.
language-browser = Die Sprache Ihres Browsers
# This language, in itself.
language-name = Deutsch
language-button = Auswahl speichern
language-cancel = Abbrechen
