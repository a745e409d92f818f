"""Contact policy, outbox and delivery."""
