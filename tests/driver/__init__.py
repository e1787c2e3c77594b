"""Talking to the bot like a person, and holding its requests against the Bot API."""

from tests.driver.botapi import refusal_of, unlike_the_api
from tests.driver.chat import Chat

__all__ = ["Chat", "refusal_of", "unlike_the_api"]
