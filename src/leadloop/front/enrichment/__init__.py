"""Pages of enrichment: who is asked about companies, how it is written, and what was."""
