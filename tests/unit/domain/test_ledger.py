"""Section 2: entries balance or do not exist; a reversal cancels to the paisa."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.ledger import (
    AccountKind,
    CannotReverseReversal,
    EntryKind,
    EntryOutOfBalance,
    LedgerEntry,
    PaymentMethod,
    Posting,
    WrongAccount,
    reversal_of,
    transfer,
)

AT = datetime(2024, 11, 18, 6, 34, tzinfo=UTC)
LEASE = 302
paise = st.integers(-(10**12), 10**12)


def posting(account: AccountKind, amount_paise: int) -> Posting:
    lease_id = LEASE if account is AccountKind.RECEIVABLE else None
    return Posting(account=account, amount_paise=amount_paise, lease_id=lease_id)


postings = st.builds(posting, st.sampled_from(AccountKind), paise)


def entry(*of: Posting, kind: EntryKind = EntryKind.PAYMENT) -> LedgerEntry:
    return LedgerEntry(
        key="payment:1",
        kind=kind,
        place_id=1,
        lease_id=LEASE,
        occurred_at=AT,
        postings=of,
        reference="423188908890",
    )


def paid(amount_paise: int = 200_000) -> LedgerEntry:
    return entry(*transfer(lease_id=LEASE, tenant_paise=amount_paise, other=AccountKind.UPI))


def sums(*entries: LedgerEntry) -> Counter[tuple[AccountKind, int | None]]:
    total: Counter[tuple[AccountKind, int | None]] = Counter()
    for one in entries:
        for side in one.postings:
            total[side.account, side.lease_id] += side.amount_paise
    return total


class TestBalance:
    """Rule 2.1."""

    @given(st.lists(postings, min_size=2, max_size=6))
    def test_what_does_not_sum_to_zero_cannot_be_built(self, sides: list[Posting]) -> None:
        total = sum(side.amount_paise for side in sides)
        assume(total != 0)
        with pytest.raises(EntryOutOfBalance) as refusal:
            entry(*sides)
        assert (refusal.value.key, refusal.value.total_paise) == ("payment:1", total)

    @given(st.lists(postings, min_size=1, max_size=6))
    def test_what_sums_to_zero_can(self, sides: list[Posting]) -> None:
        rest = posting(AccountKind.ADJUSTMENTS, -sum(side.amount_paise for side in sides))
        assert sum(sums(entry(*sides, rest)).values()) == 0

    @pytest.mark.parametrize("sides", [(), (posting(AccountKind.CASH, 0),)])
    def test_an_entry_has_two_sides(self, sides: tuple[Posting, ...]) -> None:
        with pytest.raises(EntryOutOfBalance):
            entry(*sides)

    def test_an_entry_cannot_be_put_out_of_balance_later(self) -> None:
        with pytest.raises(EntryOutOfBalance):
            replace(paid(), postings=paid().postings[:1])

    def test_a_receivable_belongs_to_a_lease_and_nothing_else_does(self) -> None:
        with pytest.raises(WrongAccount):
            Posting(account=AccountKind.RECEIVABLE, amount_paise=1)
        with pytest.raises(WrongAccount):
            Posting(account=AccountKind.CASH, amount_paise=1, lease_id=LEASE)

    def test_an_entry_touches_no_other_lease_whose_balance_would_then_be_wrong(self) -> None:
        with pytest.raises(WrongAccount):
            entry(*transfer(lease_id=118, tenant_paise=100, other=AccountKind.CASH))

    def test_the_accounts_of_the_rule_exist(self) -> None:
        assert {kind.value for kind in AccountKind} >= {
            "receivable",
            "energy_income",
            "fixed_charge_income",
            "tax_payable",
            "cash",
            "upi",
            "bank",
            "deposits_held",
            "adjustments",
        }


class TestTenantsBalance:
    """Rule 2.4: positive is credit."""

    def test_a_payment_takes_room_302_from_85_50_to_2085_50(self) -> None:
        assert 8_550 + paid(200_000).tenant_paise == 208_550

    def test_a_deduction_takes_room_302_from_3000_to_2923_30(self) -> None:
        sides = transfer(lease_id=LEASE, tenant_paise=-7_670, other=AccountKind.ENERGY_INCOME)
        assert 300_000 + entry(*sides).tenant_paise == 292_330

    @given(st.lists(postings, min_size=1, max_size=6))
    def test_only_receivables_change_it(self, sides: list[Posting]) -> None:
        rest = posting(AccountKind.ADJUSTMENTS, -sum(side.amount_paise for side in sides))
        whole = entry(*sides, rest)
        assert whole.tenant_paise == sums(whole)[AccountKind.RECEIVABLE, LEASE]

    @given(paise, st.sampled_from(sorted(set(AccountKind) - {AccountKind.RECEIVABLE}, key=str)))
    def test_a_transfer_balances(self, amount: int, other: AccountKind) -> None:
        whole = entry(*transfer(lease_id=LEASE, tenant_paise=amount, other=other))
        assert whole.tenant_paise == amount
        assert sums(whole)[other, None] == -amount


class TestReversal:
    """Rules 2.2 and 9.3."""

    @given(st.lists(postings, min_size=1, max_size=6))
    def test_a_reversal_cancels_every_account_exactly(self, sides: list[Posting]) -> None:
        rest = posting(AccountKind.ADJUSTMENTS, -sum(side.amount_paise for side in sides))
        whole = entry(*sides, rest)
        undone = reversal_of(whole, entry_id=9, at=AT, actor_id=1, reason="wrong room")
        assert set(sums(whole, undone).values()) == {0}
        assert undone.tenant_paise == -whole.tenant_paise

    def test_a_reversal_names_what_it_cancels_who_and_why(self) -> None:
        undone = reversal_of(paid(), entry_id=9, at=AT, actor_id=4, reason="wrong room")
        assert undone.kind is EntryKind.REVERSAL
        assert (undone.reverses_id, undone.actor_id, undone.reason) == (9, 4, "wrong room")
        assert (undone.place_id, undone.lease_id, undone.occurred_at) == (1, LEASE, AT)
        assert undone.reference == "423188908890"

    def test_the_same_entry_reversed_twice_has_the_same_key_rule_2_3(self) -> None:
        first = reversal_of(paid(), entry_id=9, at=AT, actor_id=1, reason="wrong room")
        second = reversal_of(paid(), entry_id=9, at=AT, actor_id=2, reason="wrong again")
        other = reversal_of(paid(), entry_id=10, at=AT, actor_id=1, reason="wrong room")
        assert first.key == second.key != other.key

    def test_a_reversal_is_final(self) -> None:
        undone = reversal_of(paid(), entry_id=9, at=AT, actor_id=1, reason="wrong room")
        with pytest.raises(CannotReverseReversal) as refusal:
            reversal_of(undone, entry_id=10, at=AT, actor_id=1, reason="right after all")
        assert refusal.value.entry_id == 10


def test_every_payment_method_has_its_account_rule_9_1() -> None:
    assert {method: method.account for method in PaymentMethod} == {
        PaymentMethod.UPI: AccountKind.UPI,
        PaymentMethod.CASH: AccountKind.CASH,
        PaymentMethod.BANK: AccountKind.BANK,
        PaymentMethod.GATEWAY: AccountKind.GATEWAY,
    }
