"""Which text is already HTML and which still has to be made so."""

from html import escape as _escape_html


class Safe(str):
    """Text that is HTML already: it is put into a message as it stands."""

    __slots__ = ()


def escape(value: object) -> Safe:
    """Return the value as HTML that shows it literally; Safe text is left alone."""
    if isinstance(value, Safe):
        return value
    return Safe(_escape_html(str(value), quote=False).replace('"', "&quot;"))
