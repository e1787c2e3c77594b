"""What somebody should know of a file of leases before it is taken."""

from collections.abc import Iterator

from bot.i18n.markup import Safe
from bot.i18n.speaker import Speaker
from bot.services.lease_plan import ImportPlan


def warning_texts(plan: ImportPlan, speaker: Speaker) -> Iterator[Safe]:
    """Yield what is taken all the same, yet not as one may think; a line each."""
    for row in plan.deviceless:
        yield speaker.text(
            "⚠️ Line {line}, meter: no device with the name “{meter}” at Qube yet",
            line=row.line,
            meter=row.meter,
        )
