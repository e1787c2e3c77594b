"""Every text in every language, with the same placeholders and the same HTML."""

import re
from collections.abc import Set
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError

from bot.i18n import Catalogues

from .texts import (
    LOCALES,
    TEMPLATE,
    Text,
    catalogue_of,
    messages_of,
    originals,
    placeholders,
    read,
    tags,
    texts_in,
    texts_in_code,
    translations,
)

LANGUAGES = sorted(path.name for path in LOCALES.iterdir() if path.is_dir())
SCRIPTS = {"hi": re.compile(r"[\u0900-\u097f]")}
# Names and symbols that are written in Latin letters in every language.
SAME_EVERYWHERE: frozenset[str] = frozenset()

each_language = pytest.mark.parametrize("language", LANGUAGES)


def listed(texts: Set[Text]) -> str:
    return "\n".join(sorted(map(str, texts)))


def wrong(messages: list[Message]) -> str:
    return "\n".join(f"{originals(m)!r} -> {translations(m)!r}" for m in messages)


def test_hindi_is_there() -> None:
    assert "hi" in LANGUAGES


def test_the_code_says_something() -> None:
    assert Text("{n} day", "{n} days") in texts_in_code()


def test_the_template_holds_every_text_of_the_code_and_no_other() -> None:
    in_code, in_template = texts_in_code(), texts_in(read(TEMPLATE))

    assert not in_code - in_template, f"not in the template:\n{listed(in_code - in_template)}"
    assert not in_template - in_code, f"no longer said:\n{listed(in_template - in_code)}"


@each_language
def test_every_text_of_the_code_is_in_the_language(language: str) -> None:
    missing = texts_in_code() - texts_in(catalogue_of(language))

    assert not missing, f"{len(missing)} missing in {language}:\n{listed(missing)}"


@each_language
def test_no_text_is_empty_or_fuzzy(language: str) -> None:
    unsaid = [m for m in messages_of(catalogue_of(language)) if m.fuzzy or not all(translations(m))]

    assert not unsaid, f"{len(unsaid)} not translated:\n{wrong(unsaid)}"


@each_language
def test_no_text_is_left_that_the_code_no_longer_says(language: str) -> None:
    catalogue = catalogue_of(language)
    idle = texts_in(catalogue) - texts_in_code()

    assert not idle, f"no longer said:\n{listed(idle)}"
    assert not catalogue.obsolete


@each_language
def test_translations_keep_the_placeholders(language: str) -> None:
    differing = [
        m
        for m in messages_of(catalogue_of(language))
        for form in translations(m)
        if placeholders(form) != placeholders(originals(m)[-1])
    ]

    assert not differing, wrong(differing)


@each_language
def test_translations_keep_the_html(language: str) -> None:
    differing = [
        m
        for m in messages_of(catalogue_of(language))
        for form in translations(m)
        if tags(form) != tags(originals(m)[-1])
    ]

    assert not differing, wrong(differing)


@each_language
def test_translations_begin_and_end_with_the_same_white_space(language: str) -> None:
    differing = [
        m
        for m in messages_of(catalogue_of(language))
        for form in translations(m)
        if edges(form) != edges(originals(m)[-1])
    ]

    assert not differing, wrong(differing)


@each_language
def test_translations_are_written_in_the_script_of_the_language(language: str) -> None:
    script = SCRIPTS[language]
    latin = [
        m
        for m in messages_of(catalogue_of(language))
        for form in translations(m)
        if form not in SAME_EVERYWHERE and not script.search(form)
    ]

    assert not latin, wrong(latin)


@each_language
def test_plural_forms_are_those_of_cldr(language: str) -> None:
    tag_of = Locale.parse(language).plural_form
    form_of = c2py(catalogue_of(language).plural_expr)
    pairs = {(tag_of(n), form_of(n)) for n in range(200)}

    assert len(pairs) == len({tag for tag, _ in pairs}) == len({form for _, form in pairs})


def test_hindi_counts_nothing_and_one_as_singular() -> None:
    form_of = c2py(catalogue_of("hi").plural_expr)

    assert [form_of(n) for n in (0, 1, 2, 11)] == [0, 0, 1, 1]


def test_a_catalogue_that_is_not_valid_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "hi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text("nonsense", "utf-8")

    with pytest.raises(PoFileError):
        Catalogues(tmp_path)


def edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
