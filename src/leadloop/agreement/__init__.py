"""What every stage means, who keeps it and what is promised there."""
