# Which method is asked for first.

primary-title = Primary method
primary-legend = Which one should we ask for first?
primary-button = Save choice
primary-cancel = Cancel
