"""What tenants can ask and tap."""
