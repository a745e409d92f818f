"""Pages of prospecting: people whom our own people found."""
