"""The use cases. One public method is one transaction; ports, not vendors."""
