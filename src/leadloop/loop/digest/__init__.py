"""The week in a letter: on Monday morning, to those who lead, with a picture."""
