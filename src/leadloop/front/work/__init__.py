"""What a salesperson works with: the worklist, the lead, the list of leads, search."""
