"""Ground floor: what every room needs and none owns. Pure Python: no Django, no I/O, no domain words."""
