"""What a split leaves in the books: one entry for each lease that has a part. Rule 2.5."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, Posting
from bot.services.allocation_plan import Part, Plan
from bot.services.allocation_record import Allocation


def plain(value: Decimal) -> str:
    """Return a figure without the zeros that say nothing."""
    return f"{value.normalize():f}"


def entries_of(
    plan: Plan, allocation: Allocation, *, actor_id: int | None, now: datetime
) -> Sequence[LedgerEntry]:
    """Return an entry for each lease that has something to pay."""
    return [
        LedgerEntry(
            key=f"share:{allocation.id}:{each.claim.lease_id}",
            kind=EntryKind.SHARE,
            place_id=plan.place.id,
            lease_id=each.claim.lease_id,
            occurred_at=now,
            postings=_postings(each, each.claim.lease_id),
            actor_id=actor_id,
            why=_why(plan, allocation, each),
        )
        for each in plan.parts
        if each.claim.lease_id is not None and each.total_paise
    ]


def share_facts(plan: Plan, allocation: Allocation, part: Part) -> dict[str, object]:
    """Return the whole, the key and the own part, as entries, bills and notices tell them."""
    claim = part.claim
    return {
        "allocation_id": allocation.id,
        "meter": plan.sheet.name,
        "residual": plan.wish.is_residual,
        "key": plan.wish.key.value,
        "from_on": plan.wish.span.from_on.isoformat(),
        "to_on": plan.wish.span.to_on.isoformat(),
        "span_days": plan.wish.span.days,
        "days": claim.days,
        "unit": plan.sheet.unit,
        "whole_quantity": plain(plan.use.quantity),
        "whole_paise": plan.cost.total_paise,
        "measure": plain(claim.stretches[-1].measure),
        "stretches": [[each.days, plain(each.measure)] for each in claim.stretches],
        "weight": plain(claim.weight),
        "weights": plain(plan.weights),
        "quantity": plain(part.quantity),
        "part_paise": part.total_paise,
    }


def facts_of(plan: Plan) -> dict[str, object]:
    """Return what is kept with a split besides its parts."""
    use, left = plan.use, plan.use.residual
    return {
        "tariff": plan.tariff.name,
        "service": plan.sheet.service.value,
        "decimals": plan.sheet.decimals,
        "from_value": plain(use.first.value),
        "to_value": plain(use.last.value),
        "ends": {str(at): [where, plain(value)] for at, (where, value) in use.ends.items()},
        "portions": [[plain(quantity), plain(rate)] for quantity, rate in plan.cost.portions],
        "taxes": [[name, paise] for name, paise in plan.cost.taxes],
        "main": None if left is None else plain(left.main),
        "subs": None if left is None else plain(left.subs),
        "weights": plain(plan.weights),
    }


def _postings(part: Part, lease_id: int) -> tuple[Posting, ...]:
    income = [
        Posting(account=account, amount_paise=paise)
        for account, paise in (
            (AccountKind.ENERGY_INCOME, part.net_paise),
            *((AccountKind.TAX_PAYABLE, paise) for _, paise in part.taxes),
        )
        if paise
    ]
    owed = Posting(
        account=AccountKind.RECEIVABLE, amount_paise=-part.total_paise, lease_id=lease_id
    )
    return (owed, *income)


def _why(plan: Plan, allocation: Allocation, part: Part) -> dict[str, object]:
    lines: list[dict[str, object]] = [
        {"kind": "energy", "name": "", "amount_paise": part.net_paise}
    ]
    lines += [
        {"kind": "tax", "name": name, "amount_paise": paise} for name, paise in part.taxes if paise
    ]
    return {
        "service": plan.sheet.service.value,
        "meter": plan.sheet.name,
        "unit": plan.sheet.unit,
        "decimals": plan.sheet.decimals,
        "tariff": plan.tariff.name,
        "quantity": plain(part.quantity),
        "portions": [
            [plain(quantity), plain(rate)] for quantity, rate in part.portions if quantity
        ],
        "lines": lines,
        "share": share_facts(plan, allocation, part),
    }
