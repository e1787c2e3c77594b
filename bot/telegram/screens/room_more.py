"""What is seldom wanted of a room."""

from bot.domain.people import Permission
from bot.i18n import Safe, Speaker
from bot.services.room_card import RoomCard
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks
from bot.telegram.screens.room_card import clock_text, title


def room_more_screen(card: RoomCard, speaker: Speaker) -> Screen:
    """Return what is seldom wanted: the meter, the phone, invitations."""
    meter = card.meter
    joined = speaker.text("No tenant is here yet: hand out the invitation.")
    if card.is_vacant:
        joined = speaker.text("⚪ Vacant. Nobody rents this room.")
    elif card.tenants_joined:
        joined = speaker.plural("{n} tenant is here", "{n} tenants are here", card.tenants_joined)
    say = speaker.plain.text
    invite = Button(label=say("Invitation"), press=press(Action.INVITE, card.lease_id or 0))
    adjust = Button(label=say("Adjust …"), press=press(Action.ADJUST, card.lease_id or 0))
    of_meter = None
    if meter is not None:
        of_meter = Button(label=say("Meter …"), press=press(Action.METER, meter.meter_id))
    meters = Button(
        label=say("Meters"), press=press(Action.METERS, card.place_id, f"r{card.room_id}")
    )
    tariff = Button(label=say("Tariff …"), press=press(Action.ROOM_TARIFF, card.lease_id or 0))
    terms = Button(label=say("Terms …"), press=press(Action.TERMS, card.lease_id or 0))
    rename = Button(label=say("Rename …"), press=press(Action.ROOM_RENAME, card.room_id))
    move_out = Button(label=say("Move out …"), press=press(Action.MOVE_OUT, card.lease_id or 0))
    billing = Button(label=say("Billing …"), press=press(Action.BILLING, card.lease_id or 0))
    back = Button(label=say("‹ Back"), press=press(Action.ROOM_CARD, card.room_id))
    return Screen(
        html=blocks(
            [title(card, speaker)],
            [
                None if card.phone is None else speaker.text("Phone {phone}", phone=card.phone),
                joined,
            ],
            [] if meter is None else [*_meter_lines(card, speaker)],
        ),
        buttons=(
            *rows_of(
                of_meter,
                meters,
                terms if Permission.SET_RULES in card.may and card.lease_id else None,
                tariff if Permission.SET_TARIFFS in card.may and card.lease_id else None,
                billing if Permission.SET_RULES in card.may and card.lease_id else None,
                adjust if Permission.TAKE_PAYMENT in card.may and card.lease_id else None,
                move_out if Permission.ONBOARD in card.may and card.lease_id else None,
                invite if Permission.ONBOARD in card.may and card.lease_id else None,
                rename if Permission.ONBOARD in card.may else None,
            ),
            (back,),
        ),
    )


def _meter_lines(card: RoomCard, speaker: Speaker) -> list[Safe | None]:
    meter = card.meter
    assert meter is not None
    last = None
    if meter.last_value is not None and meter.read_at is not None:
        last = speaker.text(
            "Shows {value}, read {time}",
            value=speaker.quantity(meter.last_value, meter.unit),
            time=clock_text(meter.read_at, speaker, now=card.now),
        )
    return [
        None if meter.udf1 is None else speaker.text("Meter {name}", name=meter.udf1),
        speaker.text("No device has this meter's name.")
        if meter.device_id is None
        else speaker.text("Device {id}", id=meter.device_id),
        last,
    ]
