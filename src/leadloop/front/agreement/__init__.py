"""The agreement between sales and marketing: read, drafted, compared and signed."""
