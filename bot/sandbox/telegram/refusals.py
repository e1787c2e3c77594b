"""How the Bot API says no: a code, a description that clients compare, sometimes a hint."""

from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request;"
    " make sure that only one bot instance is running"
)
WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)

_PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


class Refusal(Exception):
    """A request that the Bot API answers with `ok: false`."""

    def __init__(
        self,
        error_code: int,
        description: str,
        *,
        retry_after_s: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(error_code, description)
        self.error_code = error_code
        self.description = description
        self.retry_after_s = retry_after_s
        self.migrate_to_chat_id = migrate_to_chat_id

    def envelope(self) -> dict[str, Any]:
        """This function will return the answer's JSON object."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.error_code,
            "description": self.description,
        }
        hints = {
            "retry_after": self.retry_after_s,
            "migrate_to_chat_id": self.migrate_to_chat_id,
        }
        known = {name: value for name, value in hints.items() if value is not None}
        return answer | {"parameters": known} if known else answer


def bad_request(reason: str) -> Refusal:
    """This function will build a 400 with the API's prefix before the reason."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    """This function will build a 403 with the API's prefix before the reason."""
    return Refusal(403, f"Forbidden: {reason}")


def too_many_requests(retry_after_s: int) -> Refusal:
    """This function will build a 429 that asks for a pause of whole seconds."""
    text = f"Too Many Requests: retry after {retry_after_s}"
    return Refusal(429, text, retry_after_s=retry_after_s)


def plain_refusal(error_code: int) -> Refusal:
    """This function will build the bare refusal that belongs to an HTTP status."""
    return Refusal(error_code, _PHRASES.get(error_code, "Internal Server Error"))
