"""The columnar copy: ledger and facets as Parquet, kept up by what is new. Reached by the worker, never by pages."""
