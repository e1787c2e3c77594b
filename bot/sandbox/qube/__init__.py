"""A simulated building whose meters answer as the documented Qube API does."""
