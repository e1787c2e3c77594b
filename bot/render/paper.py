"""Typst as the printer: a template and its data in, a picture or a document out."""

import asyncio
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import typst

_TEMPLATES = Path(__file__).parent
_FONT_PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_devanagari")
_FONT_FOLDERS = [str(files(package) / "files") for package in _FONT_PACKAGES]


async def picture(template: str, data: Mapping[str, object], *, pixels_per_inch: int) -> bytes:
    """Return the template, filled with the data, as a PNG; the event loop is not held up.

    The data reaches the template as JSON, so nothing in it is ever read as markup.
    """
    return await asyncio.to_thread(_compile, template, json.dumps(data), pixels_per_inch)


def _compile(template: str, data: str, pixels_per_inch: int) -> bytes:
    # The function of the module, not a shared Compiler: that one cannot be used by two threads.
    return typst.compile(
        str(_TEMPLATES / template),
        root=str(_TEMPLATES),
        format="png",
        ppi=pixels_per_inch,
        sys_inputs={"data": data},
        font_paths=list(_FONT_FOLDERS),
        ignore_system_fonts=True,
    )
