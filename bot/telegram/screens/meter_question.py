"""What is asked of a meter, attribute by attribute."""

from collections.abc import Mapping

from bot.domain.meter import MeterStatus
from bot.i18n import N_, Safe, Speaker
from bot.services.meter_edit import MeterChange
from bot.services.meter_field import SheetField

_QUESTIONS: Mapping[SheetField, tuple[str, ...]] = {
    SheetField.NAME: (N_("<b>How is the meter called?</b> Type it, for example “Gas, flat B-2”."),),
    SheetField.TYPE: (N_("<b>What does it count?</b>"),),
    SheetField.SERVICE: (N_("<b>To which service does it belong?</b>"),),
    SheetField.UNIT: (N_("<b>In which unit does it count?</b>"),),
    SheetField.BILLING: (N_("<b>Who pays for what it counts?</b>"),),
    SheetField.KEY: (N_("<b>By what is it split?</b>"),),
    SheetField.STATUS: (
        N_("<b>In which state is it?</b>"),
        N_("Only a meter in use is read in rounds and charged."),
    ),
    SheetField.MAIN: (
        N_("<b>Is it a main meter?</b>"),
        N_("A main meter counts what sub-meters count again, and hangs below none."),
    ),
    SheetField.ROOM: (N_("<b>In which room is it?</b> Tap, or type it, for example 302."),),
    SheetField.PARENT: (
        N_("<b>Below which meter does it hang?</b>"),
        N_("Tap it, or type its name or serial number."),
    ),
    SheetField.SERIAL: (
        N_("<b>Which serial number is on it?</b> Type it as it stands on the plate."),
    ),
    SheetField.UDF1: (
        N_("<b>What is its name at Qube?</b> Type its udf1."),
        N_("A meter without one is read by people."),
    ),
    SheetField.INSTALLED: (
        N_("<b>When was it installed?</b> Tap or type it, for example 1 Mar 2024."),
    ),
    SheetField.MANUFACTURER: (N_("<b>Who made it?</b> Type it, for example Elster."),),
    SheetField.MODEL: (N_("<b>Which model is it?</b> Type it, for example BK-G4."),),
    SheetField.DECIMALS: (N_("<b>How many decimals does its counter show?</b>"),),
    SheetField.LAST_INSPECTION: (
        N_("<b>When was it inspected last?</b> Tap or type it, for example 1 Mar 2026."),
    ),
    SheetField.NEXT_INSPECTION: (
        N_("<b>When is it to be inspected next?</b> Tap or type it, for example 1 Mar 2031."),
    ),
    SheetField.NOTES: (N_("<b>What else is to be known of it?</b> Type it."),),
}


def question_text(at: SheetField, found: MeterChange, speaker: Speaker) -> list[Safe]:
    """Return the question for an attribute, and what helps to answer it."""
    said = [speaker.text(each) for each in _QUESTIONS[at]]
    if at is SheetField.STATUS and found.shares and _is_in_use(found):
        said.append(
            speaker.plural(
                "It counts for {n} room that is let.",
                "It counts for {n} rooms that are let.",
                len(found.shares),
            )
        )
    return said


def _is_in_use(found: MeterChange) -> bool:
    return found.before is not None and found.before.status is MeterStatus.ACTIVE
