"""QR codes that a phone reads from another phone's screen."""

from io import BytesIO

import segno

QUIET_ZONE_MODULES = 4
SIDE_PX_AT_LEAST = 720


def qr_png(text: str) -> bytes:
    """Return the text as a black and white PNG, large and with its quiet zone."""
    code = segno.make(text, error="m", micro=False)
    modules, _ = code.symbol_size(border=QUIET_ZONE_MODULES)
    png = BytesIO()
    code.save(
        png,
        kind="png",
        scale=-(-SIDE_PX_AT_LEAST // modules),
        border=QUIET_ZONE_MODULES,
        dark="#000000",
        light="#ffffff",
    )
    return png.getvalue()


def qr_svg(text: str) -> str:
    """Return the text as an SVG for paper, sharp at any size, with its quiet zone."""
    code = segno.make(text, error="m", micro=False)
    svg = BytesIO()
    code.save(
        svg, kind="svg", border=QUIET_ZONE_MODULES, dark="#172033", xmldecl=False, omitsize=True
    )
    return svg.getvalue().decode()
