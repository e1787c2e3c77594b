"""The rules. Standard library only: no I/O, no clock, no logging, no prose."""
