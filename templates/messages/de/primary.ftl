# Which method is asked for first.

primary-title = Bevorzugte Methode
primary-legend = Welche Methode sollen wir zuerst verlangen?
primary-button = Auswahl speichern
primary-cancel = Abbrechen
