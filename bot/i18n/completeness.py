"""Whether every text is there in every language."""

from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.i18n.catalogues import catalogue_folder

TEMPLATE = "messages.pot"


def missing_texts(folder: Path | None = None) -> Mapping[str, int]:
    """Return how many texts each language lacks; raises CataloguesMissing."""
    found = folder or catalogue_folder()
    wanted = {message.id for message in _read(found / TEMPLATE) if message.id}
    return {
        path.parent.parent.name: len(wanted - _said(_read(path)))
        for path in sorted(found.glob("*/LC_MESSAGES/messages.po"))
    }


def _read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, abort_invalid=True)


def _said(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if _is_said(message)}


def _is_said(message: Message) -> bool:
    said = message.string if isinstance(message.string, list | tuple) else [message.string]
    return not message.fuzzy and all(said)
