"""What people read, in their language: texts, money, quantities, dates and times."""

from bot.i18n.catalogues import (
    SOURCE_LANGUAGE,
    Catalogues,
    CataloguesMissing,
    Language,
    LanguageUnknown,
)
from bot.i18n.markup import Safe, escape
from bot.i18n.speaker import N_, Speaker

__all__ = [
    "N_",
    "SOURCE_LANGUAGE",
    "Catalogues",
    "CataloguesMissing",
    "Language",
    "LanguageUnknown",
    "Safe",
    "Speaker",
    "escape",
]
