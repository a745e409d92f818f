"""What the company sees of itself: the loop, its programmes, and the rows behind every figure."""
