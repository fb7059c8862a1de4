# A one-time link that has run out, was used, or was never issued.

link-spent-title = Este enlace ya no funciona
link-spent-lead = Los enlaces de un solo uso funcionan una vez y por un tiempo limitado. Un enlace más nuevo también anula los anteriores.
link-spent-ask-title = Obtener un enlace nuevo
link-spent-ask-mail = Pedir contraseña por correo
link-spent-ask-member = Pida a un administrador de su organización que le envíe uno nuevo.
# $command is shown as code.
link-spent-ask-operator = Si usted gestiona este servidor, { $command } muestra uno nuevo para esa persona. Sin dirección, muestra el enlace de la primera cuenta.
link-spent-sign-in = Iniciar sesión
