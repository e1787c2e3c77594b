"""Typst as the printer: a template and its data in, a picture or a document out."""

import asyncio
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from pkgutil import iter_modules
from typing import Literal

import typst

_TEMPLATES = Path(__file__).parent
_FONT_PACKAGES = sorted(each.name for each in iter_modules() if each.name.startswith("fontpkg_"))
"""Whatever is installed is used: another script needs its font, and nothing here."""
_FONT_FOLDERS = [str(files(package) / "files") for package in _FONT_PACKAGES]
_FONTS = [package.removeprefix("fontpkg_").replace("_", " ").title() for package in _FONT_PACKAGES]
_POINTS_PER_INCH = 72


async def picture(template: str, data: Mapping[str, object], *, pixels_per_inch: int) -> bytes:
    """Return the template, filled with the data, as a PNG; the event loop is not held up.

    The data reaches the template as JSON, so nothing in it is ever read as markup.
    """
    return await asyncio.to_thread(_compile, template, data, "png", pixels_per_inch)


async def document(template: str, data: Mapping[str, object]) -> bytes:
    """Return the template, filled with the data, as a PDF; the event loop is not held up."""
    return await asyncio.to_thread(_compile, template, data, "pdf", _POINTS_PER_INCH)


def _compile(
    template: str,
    data: Mapping[str, object],
    kind: Literal["png", "pdf"],
    pixels_per_inch: int,
) -> bytes:
    # The function of the module, not a shared Compiler: that one cannot be used by two threads.
    return typst.compile(
        str(_TEMPLATES / template),
        root=str(_TEMPLATES),
        format=kind,
        ppi=pixels_per_inch,
        sys_inputs={"data": json.dumps({**data, "fonts": _FONTS})},
        font_paths=list(_FONT_FOLDERS),
        ignore_system_fonts=True,
    )
