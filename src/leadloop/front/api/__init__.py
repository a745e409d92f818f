"""The REST interface for other programs, with its OpenAPI description."""
