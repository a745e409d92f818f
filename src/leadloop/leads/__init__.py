"""One pursuit of one person for one interest."""
