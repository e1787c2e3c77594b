"""What staff can ask and tap."""
