"""Who is who: what the page calls the people, and on which phone they are shown first."""

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.telegram import SandboxPerson


class Part(StrEnum):
    TENANT = "tenant"
    MANAGER = "manager"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """The part that a person plays, a word on who that is, and the number shared on request."""

    part: Part
    note: str
    phone_number: str


class Cast:
    """Roles by person; a person without one is a stranger."""

    def __init__(self) -> None:
        self._roles: dict[int, Role] = {}

    def introduce(
        self, person: SandboxPerson, part: Part, *, note: str = "", phone_number: str | None = None
    ) -> None:
        """This function will say who a person is; without a number an Indian one is made up."""
        number = phone_number or made_up_number(person.user_id)
        self._roles[person.user_id] = Role(part=part, note=note, phone_number=number)

    def role(self, user_id: int) -> Role:
        """This function will return what a person was introduced as."""
        unknown = Role(part=Part.STRANGER, note="", phone_number=made_up_number(user_id))
        return self._roles.get(user_id, unknown)


def made_up_number(user_id: int) -> str:
    """This function will return the same telephone number for the same person every time."""
    return f"+9198{user_id % 100_000_000:08d}"
