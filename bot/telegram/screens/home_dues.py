"""What the card says to tenants who pay after use: what is due, and what no bill tells of yet."""

from bot.i18n import Safe, Speaker
from bot.services.home_card import HomeCard
from bot.services.home_day import Spent
from bot.services.home_dues import HomeDues
from bot.telegram.screens.html import lines


def due_text(card: HomeCard, dues: HomeDues, speaker: Speaker) -> Safe:
    """Return what bills wait for; what is used since the last one is not due."""
    if dues.due_on is None:
        if dues.besides_paise:
            amount = speaker.money(dues.besides_paise, card.currency)
            if card.has_ended:
                return speaker.text("<b>{amount}</b> to pay", amount=amount)
            return speaker.text("<b>{amount}</b> to pay with the next bill", amount=amount)
        if dues.credit_paise:
            amount = speaker.money(dues.credit_paise, card.currency)
            return speaker.text("<b>{amount}</b> in your favour", amount=amount)
        return speaker.text(
            "<b>{amount}</b>: nothing to pay", amount=speaker.money(0, card.currency)
        )
    day = speaker.date(dues.due_on)
    if not dues.overdue_paise:
        amount = speaker.money(dues.open_paise, card.currency)
        return speaker.text("<b>{amount}</b> due by {day}", amount=amount, day=day)
    amount = speaker.money(dues.overdue_paise, card.currency)
    overdue = speaker.text("🔴 <b>{amount}</b> overdue since {day}", amount=amount, day=day)
    if dues.overdue_paise == dues.open_paise:
        return overdue
    whole = speaker.money(dues.open_paise, card.currency)
    return lines(overdue, speaker.text("{amount} to pay in all", amount=whole))


def today_text(card: HomeCard, today: Spent, speaker: Speaker) -> Safe | None:
    """Nobody charges a day of who pays later; what is known of no single day is said below."""
    if today.since_at.astimezone(card.zone).date() != card.today_on:
        return None
    return speaker.text("Today  {used}", used=spent_text(today, card, speaker))


def unbilled_text(card: HomeCard, dues: HomeDues, speaker: Speaker) -> Safe:
    """Return what was used since the last bill, and what that comes to so far."""
    since = speaker.date(dues.since.since_at.astimezone(card.zone).date())
    used = spent_text(dues.since, card, speaker)
    return speaker.text("Since {day}  {used}, not billed yet", day=since, used=used)


def spent_text(spent: Spent, card: HomeCard, speaker: Speaker) -> str:
    """Return use and cost; of a room without electricity the cost alone."""
    if not card.has_electricity:
        return speaker.money(spent.cost_paise, card.currency)
    energy = speaker.about(spent.energy_kwh, "kWh")
    return f"{energy} · {speaker.money(spent.cost_paise, card.currency)}"
