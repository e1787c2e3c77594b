"""Where the photos themselves are kept; the rows about them are in the store."""

from typing import Protocol


class PhotoGone(LookupError):
    """The file is not there: it was deleted, or the photos were left behind in a move."""

    def __init__(self, file_name: str) -> None:
        super().__init__(file_name)
        self.file_name = file_name


class PhotoStore(Protocol):
    """A private shelf of JPEGs under names that tell nothing of who sent them."""

    async def save(self, jpeg: bytes) -> str:
        """Keep a photo and return the name that was made for it. Raises OSError."""
        ...

    async def load(self, file_name: str) -> bytes:
        """Return a photo. Raises PhotoGone and OSError."""
        ...

    async def delete(self, file_name: str) -> None:
        """Destroy a photo; one that is gone is all right. Raises OSError."""
        ...
