"""Fakes of the ports, steered by tests."""
