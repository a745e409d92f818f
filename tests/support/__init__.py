"""What tests share: a throwaway PostgreSQL, and the fixed cast."""
