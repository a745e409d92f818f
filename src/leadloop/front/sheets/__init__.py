"""Tables as files: CSV and XLSX of what a page shows, for those who may export it."""
