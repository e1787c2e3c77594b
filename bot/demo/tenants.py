"""Who lives at Lakeside Apartments, as the file in which a manager would write it down."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.lakeside import ROOM_302, SHOP
from bot.sandbox.qube.load import KOLKATA

PLACE = "Lakeside Apartments"
VACANT = "Room #303"
RATE = "6.50"
SHOP_RATE = "9.25"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """One row of the file; money in rupees. Without an opening reading the meter's own is taken."""

    room: str
    meter: str
    tenant: str
    start_on: date
    balance: str = "0"
    mode: str = "prepaid"
    rate: str = RATE
    opening_kwh: str = ""
    billing_day: str = ""
    low_balance: str = ""

    def row(self, building: SimulatedBuilding, number: int) -> dict[str, str]:
        """This function will return the cells; a meter is read at 00:00 of the first day."""
        begins_at = datetime.combine(self.start_on, datetime.min.time(), KOLKATA)
        register: Decimal = building.meter(self.meter).register_kwh_at(begins_at)
        return {
            "place": PLACE,
            "room": self.room,
            "meter": self.meter,
            "type": "ELECTRICITY",
            "tenant": self.tenant,
            "phone": f"+9198200{number:05d}",
            "mode": self.mode,
            "rate": self.rate,
            "start_on": self.start_on.isoformat(),
            "opening_reading": self.opening_kwh or f"{register:f}",
            "opening_balance": self.balance,
            "cut_off": "",
            "low_balance": self.low_balance,
            "billing_day": self.billing_day,
        }


def _let(number: int, tenant: str, begins: tuple[int, int], balance: str) -> Tenancy:
    month, day = begins
    return Tenancy(
        room=f"Room #{number}",
        meter=f"lakeside.floor-{number // 100}.room-{number}",
        tenant=tenant,
        start_on=date(2026, month, day),
        balance=balance,
    )


RINKESH = Tenancy(
    room="Room #302",
    meter=ROOM_302,
    tenant="Rinkesh Agrawal",
    start_on=date(2026, 10, 25),
    balance="3000",
    opening_kwh="1450.0",
)
ANANYA = Tenancy(
    room="Room #202",
    meter="lakeside.floor-2.room-202",
    tenant="Ananya Iyer",
    start_on=date(2026, 10, 5),
    mode="postpaid",
    billing_day="5",
)
BALAJI = Tenancy(
    room="Corner shop",
    meter=SHOP,
    tenant="Balaji Stores",
    start_on=date(2026, 10, 1),
    balance="12000",
    rate=SHOP_RATE,
    low_balance="1500",
)
EVERYBODY: tuple[Tenancy, ...] = (
    _let(101, "Sunita Devi", (10, 1), "1500"),
    _let(102, "Imran Sheikh", (10, 5), "1200"),
    _let(103, "Lakshmi Narayanan", (10, 12), "2400"),
    _let(104, "Priya Menon", (10, 10), "3000"),
    _let(201, "Joseph D’Souza", (10, 1), "2000"),
    ANANYA,
    _let(203, "Gurpreet Singh", (10, 1), "1361"),
    _let(204, "Fatima Ansari", (10, 4), "1100"),
    _let(301, "Vikram Rathore", (10, 1), "650"),
    RINKESH,
    _let(304, "Meena Kulkarni", (10, 15), "2200"),
    BALAJI,
)


def leases_file(tenancies: Sequence[Tenancy], building: SimulatedBuilding) -> bytes:
    """This function will write tenancies down as product.md has it for `/import`."""
    rows = [each.row(building, number) for number, each in enumerate(tenancies, start=10101)]
    text = StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
