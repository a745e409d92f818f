"""The queue of calls: whom to call next and why, what to say, and one key for how it ended."""
