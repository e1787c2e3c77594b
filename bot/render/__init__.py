"""Pictures and paper: what people would rather look at than read."""

from bot.render.papers import TypstPapers
from bot.render.pictures import TypstPictures
from bot.render.workbook import Workbook, XlsxWorkbooks

__all__ = ["TypstPapers", "TypstPictures", "Workbook", "XlsxWorkbooks"]
