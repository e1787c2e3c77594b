"""How buttons and the dialog that keeps a draft find each other."""

from collections.abc import Mapping
from typing import Any

from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context

PRICE = "p"
ROOMS = "r"


def new_draft_id(kind: str, context: Context) -> str:
    """Return what tells the buttons of one draft from those of an older one."""
    return kind + context.nonce


async def kept_facts(context: Context, draft_id: str, kind: str) -> Mapping[str, Any]:
    """Return what the dialog keeps of a draft. Raises ButtonUnknown for one that is over."""
    dialog = await context.services.dialogs.current(person_id=context.person.id)
    is_kept = dialog is not None and dialog.facts.get("draft") == draft_id
    if dialog is None or not is_kept or not draft_id.startswith(kind):
        raise ButtonUnknown(context.request.data)
    return dialog.facts
