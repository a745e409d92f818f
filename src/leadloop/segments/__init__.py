"""Named selections: segments by conditions, and saved views of lists."""
