"""Pages for people outside, who never sign in."""
