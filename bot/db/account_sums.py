"""Sums over what counts in a span: bills, deductions, taxes, use, money that came in."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.accounted import CHARGES, counts_in, of_place
from bot.db.allocation import allocation, allocation_part
from bot.db.entry import booked_from, charge_line, entry, posting
from bot.db.invoice_rows import invoice, invoice_entry
from bot.db.lease import lease
from bot.db.recharge import heir
from bot.db.types import Facts
from bot.domain.billing import LineKind
from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.domain.ledger import AccountKind, PaymentMethod
from bot.domain.period import Period
from bot.domain.service_kind import ServiceKind
from bot.services.account_record import Collected, Documents, Taxed

_MONEY = tuple(method.account.value for method in PaymentMethod)
_source = entry.alias("source")
_off = charge_line.alias("off")
_IS_CHARGE = or_(entry.c.kind.in_(CHARGES), _source.c.kind.in_(CHARGES))
_HELD_BACK = and_(
    lease.c.mode == BillingMode.POSTPAID.value,
    or_(lease.c.billing_since_at.is_(None), entry.c.recorded_at > lease.c.billing_since_at),
)


class AccountSums:
    """What a month of a place comes to."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def documents(
        self, place_id: int, *, from_on: date, to_on: date
    ) -> Mapping[DocumentKind, Documents]:
        """Return the bills and the credit notes that were issued on these days, both included."""
        rows = await self._connection.execute(
            select(
                invoice.c.kind,
                func.count().label("number"),
                func.sum(invoice.c.total_paise).label("total_paise"),
                func.sum(invoice.c.tax_paise).label("tax_paise"),
            )
            .where(invoice.c.place_id == place_id, invoice.c.issued_on.between(from_on, to_on))
            .group_by(invoice.c.kind)
        )
        return {
            DocumentKind(row.kind): Documents(
                number=int(row.number),
                total_paise=int(row.total_paise),
                tax_paise=int(row.tax_paise),
            )
            for row in rows
        }

    async def deducted(self, place_id: int, span: Period) -> int:
        """Return in paise what was charged that no bill tells of, nor will."""
        counted = of_place(place_id)
        rows = await self._connection.execute(
            select(func.sum(entry.c.tenant_paise))
            .select_from(entry.outerjoin(_source, _source.c.id == entry.c.reverses_id))
            .join(counted, counted.c.id == entry.c.id)
            .join(lease, lease.c.id == entry.c.lease_id)
            .outerjoin(invoice_entry, invoice_entry.c.entry_id == entry.c.id)
            .where(
                counts_in(counted, span),
                _IS_CHARGE,
                invoice_entry.c.id.is_(None),
                ~_HELD_BACK,
            )
        )
        return -int(rows.scalar_one() or 0)

    async def taxed(self, place_id: int, span: Period) -> Sequence[Taxed]:
        """Return what was posted to the taxes, entry by entry."""
        counted = of_place(place_id)
        rows = await self._connection.execute(
            select(
                func.sum(posting.c.amount_paise).label("paise"),
                case((_source.c.id.is_not(None), -1), else_=1).label("sign"),
                func.coalesce(_source.c.why, entry.c.why, type_=Facts()).label("why"),
            )
            .select_from(entry.outerjoin(_source, _source.c.id == entry.c.reverses_id))
            .join(posting, posting.c.entry_id == entry.c.id)
            .join(counted, counted.c.id == entry.c.id)
            .where(
                counts_in(counted, span),
                posting.c.account == AccountKind.TAX_PAYABLE.value,
            )
            .group_by(entry.c.id, entry.c.why, _source.c.id, _source.c.why)
        )
        return [Taxed(paise=int(row.paise), sign=row.sign, why=row.why) for row in rows]

    async def used(self, place_id: int, span: Period) -> Mapping[ServiceKind, Decimal]:
        """Return what was charged for, by service, each in the unit of its meters."""
        found = await self._used(place_id, span, charge_line.c.entry_id == entry.c.id)
        # What was given away with its bill counts in its month still, but nobody is charged for it.
        given_away = and_(
            charge_line.c.entry_id == entry.c.reverses_id,
            ~exists().where(_off.c.entry_id == entry.c.id),
        )
        for service, quantity in (await self._used(place_id, span, given_away)).items():
            found[service] = found.get(service, Decimal(0)) - quantity
        return found

    async def _used(
        self, place_id: int, span: Period, lines: ColumnElement[bool]
    ) -> dict[ServiceKind, Decimal]:
        counted = of_place(place_id)
        quantity = charge_line.c.quantity
        rows = await self._connection.execute(
            select(charge_line.c.service, func.sum(quantity, type_=quantity.type).label("used"))
            .select_from(counted)
            .join(entry, entry.c.id == counted.c.id)
            .join(charge_line, lines)
            .where(counts_in(counted, span), charge_line.c.kind == LineKind.ENERGY.value)
            .group_by(charge_line.c.service)
        )
        return {ServiceKind(row.service): row.used for row in rows}

    async def shared(
        self, place_id: int, *, from_on: date, to_on: date
    ) -> Mapping[ServiceKind, Decimal]:
        """Return the parts of leases in what was split and stands, of splits whose last day is one
        of these, both included; each in the unit of its meters."""
        part = allocation_part.c
        found = await self._connection.execute(
            select(allocation.c.facts, part.quantity, part.entry_id)
            .join(allocation_part, part.allocation_id == allocation.c.id)
            .where(
                allocation.c.place_id == place_id,
                allocation.c.reversed_at.is_(None),
                allocation.c.to_on.between(from_on, to_on),
                part.lease_id.is_not(None),
            )
        )
        rows = found.all()
        gone = await self._gone({row.entry_id for row in rows if row.entry_id is not None})
        sums: dict[ServiceKind, Decimal] = {}
        for row in rows:
            if row.entry_id not in gone:
                service = ServiceKind(row.facts["service"])
                sums[service] = sums.get(service, Decimal(0)) + row.quantity
        return sums

    async def _gone(self, entry_ids: Collection[int]) -> Collection[int]:
        """Return which shares were taken back with their bill, and not put back with another."""
        rows = await self._connection.execute(
            select(entry.c.reverses_id, heir.c.heir_id)
            .outerjoin(heir, heir.c.entry_id == entry.c.reverses_id)
            .where(entry.c.reverses_id.in_(entry_ids))
        )
        heirs = {row.reverses_id: row.heir_id for row in rows}
        again = {each for each in heirs.values() if each is not None}
        gone = {None, *(await self._gone(again))} if again else {None}
        return {each for each, heir_id in heirs.items() if heir_id in gone}

    async def collected(self, place_id: int, span: Period | None) -> Sequence[Collected]:
        """Return the money that came in and was given back, oldest first; None is for ever."""
        counted = of_place(place_id)
        query = (
            select(entry, counted.c.at, posting.c.account, posting.c.amount_paise)
            .join(posting, posting.c.entry_id == entry.c.id)
            .join(counted, counted.c.id == entry.c.id)
            .where(posting.c.account.in_(_MONEY))
            .order_by(counted.c.at, entry.c.id)
        )
        if span is not None:
            query = query.where(counts_in(counted, span))
        return [
            Collected(
                entry=booked_from(row),
                at=row.at,
                account=AccountKind(row.account),
                paise=-row.amount_paise,
            )
            for row in await self._connection.execute(query)
        ]

    async def owing(self, place_id: int) -> Sequence[int]:
        """Return the leases of a place that owe anything, ended ones too."""
        rows = await self._connection.execute(
            select(lease.c.id)
            .where(lease.c.place_id == place_id, lease.c.balance_paise < 0)
            .order_by(lease.c.id)
        )
        return list(rows.scalars())
