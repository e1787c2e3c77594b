"""Photos of meters: a picture comes in, numbers that it may show go out. Nothing is uploaded."""
