"""The first run: a company is set up step by step; which steps are done is read from what stands."""
