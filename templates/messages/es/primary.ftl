# Which method is asked for first.

primary-title = Método principal
primary-legend = ¿Cuál se le debe pedir primero?
primary-button = Guardar elección
primary-cancel = Cancelar
