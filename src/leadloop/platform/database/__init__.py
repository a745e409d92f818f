"""PostgreSQL as our own child process or the operator's: roles, addresses, backup, test clusters."""
