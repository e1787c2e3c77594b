"""Who reads a notice, and how rooms and money are named to them."""

from dataclasses import dataclass
from datetime import time

from bot.domain.people import Actor
from bot.i18n import N_, Safe, Speaker
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button
from bot.telegram.screens.html import bold, line
from bot.telegram.screens.notices.facts import Facts
from bot.telegram.screens.room import room_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A person with a language, and what they are; `check_time` is that of daily checks here."""

    speaker: Speaker
    actor: Actor
    check_time: time

    def rents(self, facts: Facts) -> bool:
        """Return whether a notice is about the reader's own room."""
        return facts.maybe_whole("lease_id") in self.actor.lease_ids

    def money(self, facts: Facts, name: str) -> str:
        """Return an amount of the notice."""
        return self.speaker.money(facts.whole(name), facts.word("currency"))

    def missing(self, facts: Facts) -> str:
        """Return what has to be paid for the balance to be at the cut-off."""
        paise = facts.whole("cut_off_paise") - facts.whole("balance_paise")
        return self.speaker.money(paise, facts.word("currency"))

    def room(self, facts: Facts) -> Safe:
        """Return the room's name, in bold."""
        return bold(room_title(facts.word("room"), self.speaker))

    def whose(self, facts: Facts) -> Safe:
        """Return the line that says whose room it is, and where."""
        return line(facts.maybe_word("tenant"), facts.maybe_word("place"))

    def question(self, letter: str, item_id: int) -> Button:
        """Return the way to question what a notice is about, by the first letter of its kind."""
        return self.button(N_("Question this"), Action.DISPUTE, letter, item_id)

    def button(self, message: str, action: Action, *arguments: int | str, once: str = "") -> Button:
        """Return a button; `once` names a group of buttons of which one tap counts."""
        asked = press(action, *arguments, nonce=once or None, aside=not once)
        return Button(label=self.speaker.plain.text(message), press=asked)
