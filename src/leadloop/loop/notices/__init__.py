"""What people are told on their page of notices: written from facts, read with what became of it since."""
