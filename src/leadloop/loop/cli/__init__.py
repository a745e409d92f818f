"""The command line: light modules say what there is to type; what it does stands in `work`, loaded when asked for."""
