# In which language somebody reads.

language-title = Language
language-legend = Pages and mails are in this language.
# What somebody has who never chose.
language-browser = The one your browser asks for
# This language, in itself.
language-name = English
language-button = Save choice
language-cancel = Cancel
