"""What the commands do, once the database is up and Django is ready."""
