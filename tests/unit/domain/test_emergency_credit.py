"""Rule 6.3: emergency credit, once used, must be repaid before it is available again."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.supply import SupplyReason, emergency_left
from tests.unit.domain.test_supply import BROKE, CUT_OFF, reason


class TestEmergencyCredit:
    """Rule 6.3: once used it must be repaid before it is available again."""

    ALLOWED = 5_000

    def walk(self, *balances: int, allowed: int = ALLOWED) -> list[SupplyReason]:
        """Return the reason of the decision at each balance in turn."""
        exhausted, reasons = False, []
        for balance in balances:
            left, exhausted = emergency_left(
                allowed_paise=allowed,
                was_exhausted=exhausted,
                balance_paise=balance,
                cut_off_paise=CUT_OFF,
            )
            facts = replace(BROKE, balance_paise=balance, emergency_left_paise=left)
            reasons.append(reason(facts))
        return reasons

    def test_it_is_lived_on_used_up_repaid_and_there_again(self) -> None:
        fine, lent, off = (
            SupplyReason.IN_ORDER,
            SupplyReason.EMERGENCY_CREDIT,
            SupplyReason.BELOW_CUT_OFF,
        )
        balances = (10_000, 9_999, 7_000, 5_000, 4_999, 7_000, 9_999, 10_000, 9_999, 5_000)
        expected = [fine, lent, lent, lent, off, off, off, fine, lent, lent]
        assert self.walk(*balances) == expected

    def test_there_is_none_by_default(self) -> None:
        assert self.walk(9_999, allowed=0) == [SupplyReason.BELOW_CUT_OFF]

    def test_a_credit_granted_to_a_cut_room_helps_at_once(self) -> None:
        _, exhausted = emergency_left(
            allowed_paise=0, was_exhausted=False, balance_paise=8_550, cut_off_paise=CUT_OFF
        )
        assert emergency_left(
            allowed_paise=5_000,
            was_exhausted=exhausted,
            balance_paise=8_550,
            cut_off_paise=CUT_OFF,
        ) == (5_000, False)

    @given(st.lists(st.integers(-5_000, 15_000), max_size=20), st.integers(0, 5_000))
    def test_nobody_has_power_below_the_credit(self, balances: list[int], allowed: int) -> None:
        for balance, why in zip(balances, self.walk(*balances, allowed=allowed), strict=True):
            is_on = why is not SupplyReason.BELOW_CUT_OFF
            assert not is_on or balance >= CUT_OFF - allowed
            assert is_on or balance < CUT_OFF
