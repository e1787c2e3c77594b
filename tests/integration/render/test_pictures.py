"""The pictures themselves, drawn with the real printer."""

import asyncio
from dataclasses import replace

import pytest

from bot.i18n import Catalogues
from bot.render import TypstPictures
from bot.render.qr import QUIET_ZONE_MODULES
from bot.services.ports import Pictures, UsageChart

from .charts import chart, day, month, week
from .png import code_in, grey_bytes, opened

PICTURES: Pictures = TypstPictures(Catalogues())
UPI = "upi://pay?pa=lakeside@upi&pn=Lakeside%20Apartments&am=500.00&cu=INR&tr=R302-0042"


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("drawn", [week(), month()], ids=["week", "month"])
async def test_usage_is_as_wide_as_messengers_keep(drawn: UsageChart, language: str) -> None:
    image = opened(await PICTURES.usage(drawn, language=language))

    assert image.width == 1280
    assert 900 <= image.height <= 1280


@pytest.mark.parametrize(
    "drawn",
    [
        chart(),
        chart(day(0, None)),
        chart(day(1, "0"), day(0, "0")),
        chart(*(day(ago, None) for ago in range(29, -1, -1))),
        chart(day(0, "0.001")),
        chart(*(day(ago, "123456.789") for ago in range(6, -1, -1))),
    ],
    ids=["no days", "one gap", "no use", "no readings", "tiny", "huge"],
)
async def test_an_odd_chart_is_drawn_too(drawn: UsageChart) -> None:
    assert opened(await PICTURES.usage(drawn, language="en")).width == 1280


async def test_the_same_chart_is_the_same_picture() -> None:
    assert await usage(week()) == await usage(week())


@pytest.mark.parametrize(
    "changed",
    [
        {"energy_kwh": None, "cost_paise": None},
        {"recharged_paise": 100_000},
        {"dark": ((2_000, 2_010),)},
    ],
    ids=["gap", "recharge", "cut"],
)
async def test_what_happened_on_a_day_can_be_seen(changed: dict[str, object]) -> None:
    plain = week()
    days = list(plain.days)
    days[2] = replace(days[2], **changed)  # type: ignore[arg-type]

    assert await usage(replace(plain, days=tuple(days))) != await usage(plain)


async def test_today_looks_unfinished() -> None:
    finished = replace(week(), today_on=week().days[0].on)

    assert await usage(finished) != await usage(week())


async def test_hindi_looks_different() -> None:
    assert await PICTURES.usage(week(), language="hi") != await usage(week())


async def test_what_people_typed_is_never_read_as_markup() -> None:
    typed = '#panic("read") $x$ <b> \\ " ` @label // *a*'

    assert opened(await usage(replace(week(), room=typed))).width == 1280


async def test_a_long_name_does_not_make_the_picture_taller() -> None:
    named = replace(week(), room="Shop 12, Rear Wing (Sharma Electricals & Sons) " * 4)

    assert opened(await usage(named)).height == opened(await usage(week())).height


async def test_the_loop_goes_on_while_a_picture_is_drawn() -> None:
    drawing = asyncio.create_task(PICTURES.usage(month(), language="hi"))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns > 10


async def test_many_pictures_at_once_are_the_same_as_one_by_one() -> None:
    alone = await usage(week())

    assert set(await asyncio.gather(*(usage(week()) for _ in range(6)))) == {alone}


@pytest.mark.parametrize("text", [UPI, "https://t.me/QubeBot?start=" + "x" * 60, "हिन्दी"])
async def test_a_qr_code_reads_back(text: str) -> None:
    assert code_in(await PICTURES.qr(text)) == text


async def test_a_qr_code_is_large_and_keeps_its_quiet_zone() -> None:
    image = opened(await PICTURES.qr(UPI))
    pixels = grey_bytes(image)
    module = (pixels.index(0) // image.width) // QUIET_ZONE_MODULES

    assert image.width == image.height >= 720
    assert module >= 8
    assert pixels.index(0) % image.width == module * QUIET_ZONE_MODULES


async def usage(drawn: UsageChart) -> bytes:
    return await PICTURES.usage(drawn, language="en")
