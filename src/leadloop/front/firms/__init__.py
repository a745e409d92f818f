"""Pages of companies: the firms that people work for."""
