from pathlib import Path

from bot.i18n.completeness import missing_texts

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'


def test_texts_that_are_missing_empty_or_fuzzy_are_counted(tmp_path: Path) -> None:
    texts = "".join(f'\nmsgid "{text}"\nmsgstr ""\n' for text in ("a", "b", "c", "d"))
    (tmp_path / "messages.pot").write_text(HEAD + texts)
    folder = tmp_path / "hi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    said = '\nmsgid "a"\nmsgstr "A"\n\nmsgid "b"\nmsgstr ""\n\n#, fuzzy\nmsgid "c"\nmsgstr "C"\n'
    (folder / "messages.po").write_text(HEAD + said)

    assert missing_texts(tmp_path) == {"hi": 3}


def test_every_language_that_there_is_is_looked_at() -> None:
    assert "hi" in missing_texts()
