"""Pure decisions about contacting people: may we, when, and what a server's answer means."""
