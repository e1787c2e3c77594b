"""Everything that the page shows and moves."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bot.sandbox.page.cast import Cast
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.telegram import SandboxPerson, TelegramWorld
from bot.sandbox.telegram.profile import ProfileText
from bot.sandbox.travel import TimeTraveller


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One world; `world_id` tells a page that the world it knew has ended.

    `zone_name` is the IANA name of the zone in which the page writes times.
    """

    building: SimulatedBuilding
    telegram: TelegramWorld
    traveller: TimeTraveller
    cast: Cast
    zone_name: str
    world_id: str = field(default_factory=lambda: uuid4().hex)

    def time_view(self) -> dict[str, Any]:
        """This function will describe the clock and where it is being moved to."""
        clock, destination = self.building.clock, self.traveller.destination
        return {
            "now": clock.now().isoformat(),
            "speed": clock.speed,
            "destination": destination.isoformat() if destination else None,
        }

    def setup_view(self) -> dict[str, Any]:
        """This function will describe what a page has to know before it shows anything."""
        bot = self.telegram.bot
        return {
            "world": self.world_id,
            "zone": self.zone_name,
            "place": " · ".join(space.labels.name for space in self.building.spaces),
            "bot": {"username": bot.username, "name": bot.first_name},
            "people": [self._person_view(person) for person in self.telegram.people.values()],
        }

    def _person_view(self, person: SandboxPerson) -> dict[str, Any]:
        user, role = person.user, self.cast.role(person.user_id)
        language = user.language_code or ""
        return {
            "user_id": user.user_id,
            "name": " ".join(filter(None, (user.first_name, user.last_name))),
            "language_code": language,
            "part": role.part.value,
            "note": role.note,
            "phone_number": role.phone_number,
            "started": person.started,
            "blocked": person.blocked,
            "about_bot": self.telegram.profile.get(ProfileText.DESCRIPTION, language),
        }
