"""The languages that the bot speaks, read from the catalogues at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

import bot
from bot.i18n.formats import locale_of
from bot.i18n.speaker import Speaker

SOURCE_LANGUAGE = "en"


class CataloguesMissing(Exception):
    """None of the folders in which catalogues may lie exists."""

    def __init__(self, *, searched: tuple[Path, ...]) -> None:
        super().__init__(searched)
        self.searched = searched


class LanguageUnknown(Exception):
    """A language was asked for in which there is no catalogue."""

    def __init__(self, *, language: str) -> None:
        super().__init__(language)
        self.language = language


@dataclass(frozen=True, slots=True)
class Language:
    """A language that a person can choose, and what its speakers call it."""

    code: str
    own_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tongue:
    locale: Locale
    translations: NullTranslations


def catalogue_folder() -> Path:
    """Return where the catalogues lie: in the installed package, or beside it in a checkout.

    Raises CataloguesMissing.
    """
    package = Path(bot.__file__).parent
    searched = (package / "locales", package.parent / "locales")
    for folder in searched:
        if folder.is_dir():
            return folder
    raise CataloguesMissing(searched=searched)


class Catalogues:
    """Every language of the bot: English, the source, and one per catalogue found."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read every `<language>/LC_MESSAGES/messages.po` of the folder."""
        self._tongues: Mapping[str, _Tongue] = {
            SOURCE_LANGUAGE: _Tongue(
                locale=locale_of(SOURCE_LANGUAGE), translations=NullTranslations()
            ),
            **_read_tongues(folder or catalogue_folder()),
        }

    def languages(self) -> tuple[Language, ...]:
        """Return the languages a person can choose from, English first."""
        return tuple(
            Language(code, tongue.locale.get_language_name(tongue.locale.language) or code)
            for code, tongue in self._tongues.items()
        )

    def speaker(self, language: str, zone: ZoneInfo) -> Speaker:
        """Return a speaker of the language; raises LanguageUnknown."""
        if language not in self._tongues:
            raise LanguageUnknown(language=language)
        tongue = self._tongues[language]
        return Speaker(
            language=language,
            zone=zone,
            locale=tongue.locale,
            translations=tongue.translations,
        )

    def match(self, telegram_language_code: str | None, default: str) -> str:
        """Return the supported language nearest to what a phone reports, or the default."""
        wanted = (telegram_language_code or "").replace("_", "-").split("-")[0].lower()
        return wanted if wanted in self._tongues else default


def _read_tongues(folder: Path) -> dict[str, _Tongue]:
    return {
        path.parent.parent.name: _Tongue(
            locale=locale_of(path.parent.parent.name), translations=_read_translations(path)
        )
        for path in sorted(folder.glob("*/LC_MESSAGES/messages.po"))
    }


def _read_translations(path: Path) -> NullTranslations:
    with path.open("rb") as source:
        catalogue = read_po(source, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
