"""Reading e-mails: raw bytes → a letter → who wrote, what they said last, and whether it is an inquiry at all. Pure."""
