"""What a place used in a month as rows for a file: by service, and by meter with its losses."""

from collections.abc import AsyncGenerator
from decimal import Decimal

from bot.domain.period import first_of_month, local_date
from bot.services.exchange.export import Row
from bot.services.exchange.rows import text_cell
from bot.services.exchange.selection import ALL, Selection
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.use_record import MediumUse, MeterUse, UseReport
from bot.services.use_report import UseReports

CONSUMPTION_COLUMNS = (
    "place",
    "from_on",
    "to_on",
    "service",
    "unit",
    "meter",
    "room",
    "billing_type",
    "consumption",
    "consumption_before",
    "charged",
    "empty_room",
    "included",
    "not_charged",
    "sub_meters",
    "lost",
    "lost_percent",
    "limit_percent",
)


class UseExports:
    """Writes out what was used."""

    def __init__(self, transactions: Transactions, uses: UseReports, clock: Clock) -> None:
        self._transactions = transactions
        self._uses = uses
        self._clock = clock

    async def consumption(self, selection: Selection = ALL) -> AsyncGenerator[Row, None]:
        """This function will yield the use of a month, by default the one that runs: a row without
        a meter for each service of a place, then its meters.

        Those of which readings are missing have no consumption.
        """
        yield CONSUMPTION_COLUMNS
        async with self._transactions.read() as unit:
            places = await selection.places(unit)
        for place in places:
            running_on = first_of_month(local_date(self._clock.now(), place.zone))
            report = await self._uses.of_place(place, selection.month_on or running_on)
            for medium in report.media:
                yield _medium_row(report, medium)
            for meter in report.meters:
                yield _meter_row(report, meter)
            for each in report.unknown:
                yield (*_days(report), "", "", text_cell(each.name), *[""] * 12)


def _days(report: UseReport) -> Row:
    return (text_cell(report.place.name), report.month_on.isoformat(), report.to_on.isoformat())


def _medium_row(report: UseReport, use: MediumUse) -> Row:
    return (
        *_days(report),
        use.medium.service.value,
        use.medium.unit,
        *("", "", ""),
        *map(_plain, (use.counted, use.before, use.charged, use.empty, use.included, use.open)),
        *("", "", "", ""),
    )


def _meter_row(report: UseReport, use: MeterUse) -> Row:
    left, sheet = use.residual, use.sheet
    limit = report.place.loss_percent
    lost = use.lost_percent()
    losses = ("", "", "", "")
    if left is not None:
        losses = (
            _plain(left.subs),
            _plain(left.left - left.missing),
            "" if lost is None else f"{lost:.1f}",
            "" if limit is None else str(limit),
        )
    return (
        *_days(report),
        sheet.service.value,
        sheet.unit,
        text_cell(sheet.name),
        text_cell(use.room),
        sheet.billing_type.value,
        *map(_plain, (use.counted, use.before)),
        "",
        _plain(use.empty),
        *("", ""),
        *losses,
    )


def _plain(value: Decimal) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
