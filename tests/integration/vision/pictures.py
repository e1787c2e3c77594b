"""Photos that the tests draw themselves: a seven-segment display, and a drum counter."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SEGMENTS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
HIGH, WIDE, THICK = 90, 46, 9


def display(digits: str, *, size: tuple[int, int] = (960, 720)) -> Image.Image:
    """Return a meter with a greenish display that shows the digits."""
    picture = Image.new("RGB", size, (196, 194, 186))
    draw = ImageDraw.Draw(picture)
    left, top = 250, 250
    width = len(digits) * (WIDE + 22) + 60
    draw.text((left, top - 90), "STATIC WATTHOUR METER", fill="black", font=_font(30))
    draw.rectangle((left, top, left + width, top + HIGH + 50), fill=(150, 175, 130))
    for index, digit in enumerate(digits):
        _segments(draw, int(digit), left + 30 + index * (WIDE + 22), top + 25)
    draw.text((left, top + 180), "230 V  5-30 A  50 Hz", fill="black", font=_font(26))
    return picture.filter(ImageFilter.GaussianBlur(1))


def drum(digits: str, *, size: tuple[int, int] = (960, 720)) -> Image.Image:
    """Return a meter whose wheels show the digits, white on black, the last one on red."""
    picture = Image.new("RGB", size, (215, 215, 210))
    draw = ImageDraw.Draw(picture)
    left, top = 260, 260
    draw.text((left, top - 80), "SINGLE PHASE METER", fill="black", font=_font(30))
    for index, digit in enumerate(digits):
        x = left + index * 60
        colour = (170, 30, 30) if index == len(digits) - 1 else (25, 25, 25)
        draw.rectangle((x, top, x + 57, top + 84), fill=colour)
        draw.text((x + 29, top + 42), digit, fill="white", font=_font(62), anchor="mm")
    draw.text((left + len(digits) * 60 + 15, top + 20), "kWh", fill="black", font=_font(40))
    draw.text((left, top + 140), "No. 88120 DDS188 2012", fill="black", font=_font(26))
    return picture.filter(ImageFilter.GaussianBlur(1))


def file(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """Return the picture as a file of that kind."""
    content = BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def _segments(draw: ImageDraw.ImageDraw, digit: int, x: int, y: int) -> None:
    half, t = HIGH // 2, THICK
    bars = {
        "a": (t, 0, WIDE - t, t),
        "b": (WIDE - t, t, WIDE, half - 2),
        "c": (WIDE - t, half + 2, WIDE, HIGH - t),
        "d": (t, HIGH - t, WIDE - t, HIGH),
        "e": (0, half + 2, t, HIGH - t),
        "f": (0, t, t, half - 2),
        "g": (t, half - t // 2, WIDE - t, half + t // 2),
    }
    for name in SEGMENTS[digit]:
        x0, y0, x1, y1 = bars[name]
        draw.rectangle((x + x0, y + y0, x + x1, y + y1), fill=(30, 40, 30))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
