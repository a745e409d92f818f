"""The same human is one person, the same firm one company."""
