"""Pictures and paper: what people would rather look at than read."""

from bot.render.papers import TypstPapers
from bot.render.pictures import TypstPictures

__all__ = ["TypstPapers", "TypstPictures"]
