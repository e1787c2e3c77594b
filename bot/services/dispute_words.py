"""What people write about a question: kept as they said it, within reason."""

MOST_WORDS = 500


class WordsMissing(ValueError):
    """A question, and an answer to one, is said in words that fit a message."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


def clean_words(words: str) -> str:
    """Return words in one line. Raises WordsMissing."""
    cleaned = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    if not any(map(str.isalnum, cleaned)) or len(cleaned) > MOST_WORDS:
        raise WordsMissing(len(cleaned))
    return cleaned
