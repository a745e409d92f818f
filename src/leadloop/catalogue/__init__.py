"""Product families, products, prices and payment terms."""
