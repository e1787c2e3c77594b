"""What the bot says of itself before anybody has written to it, by language."""

from enum import Enum

from bot.sandbox.telegram.refusals import bad_request


class ProfileText(Enum):
    """Name of the field, and the most characters it may have."""

    NAME = ("name", 64)
    DESCRIPTION = ("description", 512)
    SHORT_DESCRIPTION = ("short_description", 120)

    @property
    def field(self) -> str:
        return self.value[0]

    @property
    def max_characters(self) -> int:
        return self.value[1]


class BotProfile:
    """Texts by field and language; without one of its own a language shows the default."""

    def __init__(self, name: str) -> None:
        self._texts: dict[tuple[ProfileText, str], str] = {(ProfileText.NAME, ""): name}

    def set(self, field: ProfileText, language: str, text: str) -> None:
        """This function will set a text, or remove it when it is empty; raises Refusal."""
        if len(text) > field.max_characters:
            raise bad_request(f"{field.field} is too long")
        if text:
            self._texts[field, language] = text
        else:
            self._texts.pop((field, language), None)

    def get(self, field: ProfileText, language: str) -> str:
        """This function will return the text that a reader of the language sees."""
        return self._texts.get((field, language)) or self._texts.get((field, ""), "")
