# In which language somebody reads.

language-title = Idioma
language-legend = Las páginas y los correos están en este idioma.
# What somebody has who never chose.
language-browser = El idioma del navegador
# This language, in itself.
language-name = Español
language-button = Guardar elección
language-cancel = Cancelar
