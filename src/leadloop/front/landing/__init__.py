"""Landing pages: building them, what they brought, and what the public reads."""
