"""What a button carries: at most 64 bytes, versioned, and never trusted."""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum
from urllib.parse import quote, unquote

VERSION = "1"
ASIDE = "1a"
MAX_BYTES = 64
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_OF_UPDATE = re.compile(r"u[0-9a-f]+")


class Action(Enum):
    """What a tap asks for; the values are in messages already sent and never change meaning."""

    HOME = "h"
    REFRESH = "r"
    USAGE = "u"
    STATEMENT = "s"
    ENTRY = "e"
    MORE = "m"
    HELP = "?"
    LANGUAGE = "l"
    CANCEL = "x"
    ROOM = "k"
    CANCEL_ORDER = "xo"
    SWITCHED = "xh"
    ACCEPT_READING = "ra"
    REJECT_READING = "rr"
    READINGS = "gr"
    READING_METER = "gm"
    METER_READINGS = "gl"
    READING_FILTER = "gf"
    READING = "go"
    READING_REVIEW = "gv"
    READING_REASON = "gw"
    READING_REJECT = "gj"
    READING_ACCEPT = "ga"
    READING_ENTER = "ge"
    READING_DAY = "gd"
    READING_CONFIRM = "gk"
    READING_CORRECT = "gc"
    READING_CORRECT_WHY = "gy"
    READING_CORRECT_CONFIRM = "gx"
    ROUND = "wr"
    ROUND_NEXT = "wn"
    ROUND_CONFIRM = "wk"
    ROUND_SKIP = "ws"
    ROUND_SKIP_WHY = "wy"
    ROUND_STOP = "wx"
    READ = "fr"
    READ_METER = "fm"
    READ_TYPE = "ft"
    READ_SAY = "fs"
    READ_CONFIRM = "fk"
    ROOMS = "rs"
    ROOM_CARD = "rc"
    ROOM_MORE = "rm"
    ROOM_RENAME = "rn"
    PLACE_RENAME = "pn"
    SEARCH = "rf"
    POWER = "pw"
    POWER_CONFIRM = "pk"
    POWER_REASON = "pr"
    PAY = "py"
    PAY_CONFIRM = "yk"
    REVERSE = "rv"
    REVERSE_CONFIRM = "vk"
    COMMON = "co"
    COMMON_STEP = "cs"
    COMMON_CONFIRM = "cc"
    COMMON_PAST = "cp"
    COMMON_SPLIT = "cl"
    COMMON_UNDO = "cu"
    COMMON_UNDO_CONFIRM = "cy"
    COMMON_SIZES = "cz"
    COMMON_SIZE = "ci"
    COMMON_SIZE_SINCE = "cj"
    COMMON_LOSS = "cq"
    ADJUST = "aj"
    ADJUST_CONFIRM = "ak"
    METER = "mt"
    METER_EDIT = "me"
    METER_CONFIRM = "mk"
    METER_COUNTER = "mc"
    METERS = "ms"
    METERS_FILTER = "mf"
    METERS_TREE = "mr"
    METER_BRANCH = "mb"
    METER_FIELDS = "mi"
    METER_NEW = "mn"
    METER_FORM = "mo"
    METER_SAVE = "mv"
    METER_DELETE = "md"
    METER_LINKS = "ml"
    METER_LINK_PICK = "mp"
    METER_LINK_CONFIRM = "mq"
    INSPECTIONS = "mx"
    SWAP = "sw"
    SWAP_CONFIRM = "sk"
    SYNC = "sy"
    SYNC_LIST = "sl"
    DEVICE = "dv"
    DEVICE_MODE = "do"
    DEVICE_MODE_CONFIRM = "dp"
    DEVICE_LINK = "dl"
    DEVICE_LINK_ASK = "da"
    DEVICE_LINK_CONFIRM = "dk"
    DEVICE_NAME = "dn"
    DEVICE_NAME_CONFIRM = "dm"
    TARIFFS = "ts"
    TARIFF = "tf"
    TARIFF_NEW = "ta"
    TARIFF_CHANGE = "tc"
    TARIFF_STEP = "tg"
    TARIFF_CONFIRM = "tk"
    TARIFF_WITHDRAW = "tw"
    TARIFF_NAME = "tn"
    TARIFF_ROOMS = "tr"
    TARIFF_PICK = "tp"
    TARIFF_GIVE = "tv"
    ROOM_TARIFF = "rt"
    SETTINGS = "se"
    TERMS = "te"
    RULE = "ru"
    RULE_VALUE = "rg"
    RULE_CONFIRM = "rk"
    MOVE_OUT = "xm"
    MOVE_OUT_CONFIRM = "xk"
    BILLING = "bl"
    BILLING_DAY = "bd"
    BILLING_CONFIRM = "bk"
    DISPUTE = "qb"
    DISPUTES = "ql"
    DISPUTE_CARD = "qc"
    DISPUTE_AMOUNT = "qa"
    DISPUTE_SEND = "qk"
    DISPUTE_SAY = "qs"
    DISPUTE_WITHDRAW = "qw"
    DISPUTE_WITHDRAW_CONFIRM = "qx"
    DISPUTE_PHOTO = "qp"
    DISPUTE_EVIDENCE = "qe"
    DISPUTE_DECIDE = "qd"
    DISPUTE_DECIDE_CONFIRM = "qy"
    CLAIM = "zc"
    CLAIM_CONFIRM = "zk"
    CLAIM_VIEW = "zv"
    CLAIM_APPROVE = "za"
    CLAIM_OTHER = "zo"
    CLAIM_ACCEPT = "zy"
    CLAIM_REJECT = "zr"
    CLAIM_REFUSE = "zx"
    PROMISE = "zp"
    PROMISE_CONFIRM = "zq"
    PROMISE_VIEW = "zw"
    PROMISE_ACCEPT = "zt"
    PROMISE_GRANT = "zg"
    PROMISE_OTHER = "zd"
    PROMISE_REFUSE = "zf"
    PROMISE_DENY = "zn"
    INBOX = "zi"
    TOP_UP = "zu"
    INVITE = "in"
    IMPORT = "im"
    IMPORT_CONFIRM = "ik"
    STATUS = "st"
    TEAM = "tm"
    BILLS = "bs"
    BILL = "bi"
    BILL_PDF = "bp"
    BILL_PAY = "by"
    INVOICES = "iv"
    CREDIT = "cn"
    CREDIT_CONFIRM = "ck"
    BILL_ANEW = "bn"
    BILL_ANEW_CONFIRM = "bo"
    REPORT = "jr"
    REPORT_DUES = "jd"
    REPORT_BOOKS = "jb"
    REPORT_USE = "ju"
    REPORT_LOSSES = "jl"
    REPORT_CLOSE = "jc"
    REPORT_CLOSE_CONFIRM = "jk"
    EXPORT = "je"
    EXPORT_TABLE = "jt"
    EXPORT_FILE = "jf"


class ButtonUnknown(ValueError):
    """The data is no button of this version: an older message, or somebody's invention."""

    def __init__(self, data: str) -> None:
        super().__init__(data)
        self.data = data


class ButtonTooLong(ValueError):
    """The button would carry more than Telegram allows."""

    def __init__(self, data: str) -> None:
        super().__init__(data)
        self.data = data


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A tap: what it asks for, on what; `nonce` lets a confirmation count once.

    With `aside` the answer leaves the message under which the button is: a notice goes on saying
    what happened.
    """

    action: Action
    arguments: tuple[str, ...] = ()
    nonce: str | None = None
    aside: bool = False

    @property
    def answers_question(self) -> bool:
        """Whether this confirms what an update asked, and not what a notice offers."""
        return self.nonce is not None and _OF_UPDATE.fullmatch(self.nonce) is not None

    def text(self, index: int) -> str:
        """Return an argument. Raises ButtonUnknown."""
        if not 0 <= index < len(self.arguments):
            raise ButtonUnknown(encode(self))
        return self.arguments[index]

    def integer(self, index: int) -> int:
        """Return an argument that is a whole number. Raises ButtonUnknown."""
        text = self.text(index)
        if _WHOLE.fullmatch(text) is None:
            raise ButtonUnknown(encode(self))
        return int(text)

    def day(self, index: int) -> date:
        """Return an argument that is a day. Raises ButtonUnknown."""
        try:
            return date.fromisoformat(self.text(index))
        except ValueError:
            raise ButtonUnknown(encode(self)) from None


def press(
    action: Action, *arguments: int | str, nonce: str | None = None, aside: bool = False
) -> Press:
    """Return what a button asks for."""
    return Press(action=action, arguments=tuple(map(str, arguments)), nonce=nonce, aside=aside)


def nonce_of(update_id: int) -> str:
    """Return the mark of the question that an update asks.

    It is the same when the update comes again after a kill: its first question still stands then.
    """
    return f"u{update_id:x}"


def encode(pressed: Press) -> str:
    """Return the data of a button. Raises ButtonTooLong."""
    version = ASIDE if pressed.aside else VERSION
    parts = (version, pressed.action.value, pressed.nonce or "", *pressed.arguments)
    data = ":".join(quote(part, safe="?") for part in parts)
    if len(data) > MAX_BYTES:
        raise ButtonTooLong(data)
    return data


def decode(data: str) -> Press:
    """Return what a button asks for. Raises ButtonUnknown."""
    version, *parts = data.split(":")
    if version not in {VERSION, ASIDE} or len(parts) < 2 or len(data.encode()) > MAX_BYTES:
        raise ButtonUnknown(data)
    action, nonce, *arguments = map(unquote, parts)
    try:
        wanted = Action(action)
    except ValueError:
        raise ButtonUnknown(data) from None
    return Press(
        action=wanted, arguments=tuple(arguments), nonce=nonce or None, aside=version == ASIDE
    )
