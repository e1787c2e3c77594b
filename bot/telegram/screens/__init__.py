"""What is shown: pure functions from facts to a screen, in the reader's language."""
