"""Facts about firms from providers: asked for behind intake, by policy, with where each came from."""
