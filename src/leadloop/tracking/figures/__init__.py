"""Measures over the columnar copy: one Ibis expression each, on DuckDB or Spark. The worker's, never a page's."""
