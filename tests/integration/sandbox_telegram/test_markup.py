import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram.entities import Entity, EntityKind, FormattedText, as_html, with_found
from bot.sandbox.telegram.markup import parse_html
from bot.sandbox.telegram.refusals import Refusal


def spans(source: str) -> list[tuple[str, int, int]]:
    return [(e.kind.value, e.offset, e.length) for e in parse_html(source).entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("a <b>b</b>", "a b", [("bold", 2, 1)]),
        ("<strong>x</strong><em>y</em>", "xy", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<B>x</b>", "x", [("bold", 0, 1)]),
        ("<b>x</>", "x", [("bold", 0, 1)]),
        ("🟢 <b>on</b>", "🟢 on", [("bold", 3, 2)]),
        ("<b>🟢</b>", "🟢", [("bold", 0, 2)]),
        ("  <u> x </u>\n", "x", [("underline", 0, 1)]),
        ("<s></s>x", "x", []),
        ("1 &lt; 2 &amp; &#8377;&#x20b9; &euro; &", "1 < 2 & ₹₹ &euro; &", []),
        ("<span class='tg-spoiler'>x</span>", "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<tg-emoji emoji-id='1'>👍</tg-emoji>", "👍", []),
        ("<a href='javascript:x()'>x</a>", "x", []),
    ],
)
def test_formatting_becomes_entities_in_utf16_units(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    assert parse_html(source).text == text
    assert spans(source) == entities


def test_a_link_keeps_its_address() -> None:
    parsed = parse_html('<a href="https://x.in/?a=1&amp;b=2">pay</a>')

    assert parsed.entities == (
        Entity(kind=EntityKind.TEXT_LINK, offset=0, length=3, url="https://x.in/?a=1&b=2"),
    )


def test_code_in_a_block_leaves_only_its_language() -> None:
    parsed = parse_html('<pre><code class="language-python">x</code></pre>')

    assert parsed.entities == (Entity(kind=EntityKind.PRE, offset=0, length=1, language="python"),)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("₹ <font>x</font>", 'Unsupported start tag "font" at byte offset 4'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        (
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_with_its_place(source: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(source)

    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_commands_and_links_are_found_but_not_in_code() -> None:
    found = with_found(parse_html("/pay@my_bot see https://x.in/a. <code>/no http://y</code> a/b"))

    assert [(e.kind.value, e.offset, e.length) for e in found.entities] == [
        ("bot_command", 0, 11),
        ("url", 16, 14),
        ("code", 32, 12),
    ]


@given(st.text(alphabet="ab<>&\"'/ \n😀₹", max_size=30))
def test_any_text_survives_being_written_as_html(text: str) -> None:
    formatted = FormattedText(text=text.strip())

    assert parse_html(as_html(formatted)) == formatted


@given(st.text(alphabet="ab<>/i &;=\"'", max_size=30))
def test_any_markup_is_read_or_refused(source: str) -> None:
    try:
        parsed = parse_html(source)
    except Refusal:
        return
    assert parse_html(as_html(parsed)) == parsed
