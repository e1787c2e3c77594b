"""Begin."""

import sqlalchemy as sa
from alembic import op

from bot.db.guard import guard_append_only
from bot.db.migrations.columns import DAY, FLAG, INSTANT, WHOLE

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin."""
    _create_chat_update()
    _create_device()
    _create_job_slot()
    _create_person()
    _create_place()
    _create_audit()
    _create_dialog()
    _create_notice()
    _create_room()
    _create_spent_button()
    _create_staff_role()
    _create_tariff()
    _create_thread_message()
    _create_lease()
    _create_meter()
    _create_tariff_version()
    _create_entry()
    _create_installation()
    _create_invitation()
    _create_lease_tenant()
    _create_relay_order()
    _create_supply()
    _create_charge_line()
    _create_payment_reference()
    _create_posting()
    _create_reading()
    _create_lease_meter()
    guard_append_only(op.get_bind(), ["entry", "posting", "charge_line", "audit"])


def _create_chat_update() -> None:
    op.create_table(
        "chat_update",
        sa.Column("update_id", WHOLE, nullable=False),
        sa.Column("handled_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_chat_update")),
        sqlite_strict=True,
    )


def _create_device() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("space_id", WHOLE, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("udf1", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("is_online", FLAG, nullable=True),
        sa.Column("has_relay", FLAG, nullable=True),
        sa.Column("online_changed_at", INSTANT, nullable=True),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("gone_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sqlite_strict=True,
    )
    op.create_index("ix_device_udf1", "device", ["udf1"], unique=False)


def _create_job_slot() -> None:
    op.create_table(
        "job_slot",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("slot_at", INSTANT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("job", "slot_at", name=op.f("pk_job_slot")),
        sqlite_strict=True,
    )


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("telegram_id", WHOLE, nullable=False),
        sa.Column("chat_id", WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_reachable", FLAG, nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_person_telegram_id")),
        sqlite_strict=True,
    )


def _create_place() -> None:
    op.create_table(
        "place",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("space_id", WHOLE, nullable=True),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("cut_off_paise", WHOLE, nullable=False),
        sa.Column("low_balance_paise", WHOLE, nullable=False),
        sa.Column("emergency_credit_paise", WHOLE, nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("name", name=op.f("uq_place_name")),
        sa.UniqueConstraint("space_id", name=op.f("uq_place_space_id")),
        sqlite_strict=True,
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", WHOLE, nullable=True),
        sa.Column("place_id", WHOLE, nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_audit_actor_id_person")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_audit_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_strict=True,
    )


def _create_dialog() -> None:
    op.create_table(
        "dialog",
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_dialog_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_dialog")),
        sqlite_strict=True,
    )


def _create_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_notice_due", "notice", ["status", "due_at"], unique=False)
    op.create_index("ix_notice_thread", "notice", ["thread"], unique=False)


def _create_room() -> None:
    op.create_table(
        "room",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_room_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("place_id", "name", name=op.f("uq_room_place_id_name")),
        sqlite_strict=True,
    )


def _create_spent_button() -> None:
    op.create_table(
        "spent_button",
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("spent_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_spent_button_person_id_person")
        ),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_spent_button")),
        sqlite_strict=True,
    )


def _create_staff_role() -> None:
    op.create_table(
        "staff_role",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_staff_role_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_staff_role_place_id_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint(
            "person_id", "place_id", "role", name=op.f("uq_staff_role_person_id_place_id_role")
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_staff_role_everywhere",
        "staff_role",
        ["person_id", "role"],
        unique=True,
        sqlite_where=sa.text("place_id IS NULL"),
        postgresql_where=sa.text("place_id IS NULL"),
    )


def _create_tariff() -> None:
    op.create_table(
        "tariff",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_tariff_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff")),
        sa.UniqueConstraint("place_id", "name", name=op.f("uq_tariff_place_id_name")),
        sqlite_strict=True,
    )


def _create_thread_message() -> None:
    op.create_table(
        "thread_message",
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("message_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_thread_message_person_id_person")
        ),
        sa.PrimaryKeyConstraint("thread", "person_id", name=op.f("pk_thread_message")),
        sqlite_strict=True,
    )


def _create_lease() -> None:
    op.create_table(
        "lease",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("room_id", WHOLE, nullable=False),
        sa.Column("tenant_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("start_on", DAY, nullable=False),
        sa.Column("end_on", DAY, nullable=True),
        sa.Column("tariff_id", WHOLE, nullable=False),
        sa.Column("check_interval", sa.Text(), nullable=False),
        sa.Column("cut_off_paise", WHOLE, nullable=False),
        sa.Column("low_balance_paise", WHOLE, nullable=False),
        sa.Column("emergency_credit_paise", WHOLE, nullable=False),
        sa.Column("billing_day", WHOLE, nullable=False),
        sa.Column("is_protected", FLAG, nullable=False),
        sa.Column("grace_until", INSTANT, nullable=True),
        sa.Column("balance_paise", WHOLE, nullable=False),
        sa.Column("low_given", FLAG, nullable=False),
        sa.Column("last_given_paise", WHOLE, nullable=True),
        sa.Column("emergency_exhausted", FLAG, nullable=False),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "balance_paise BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_lease_balance_paise_range"),
        ),
        sa.CheckConstraint("billing_day BETWEEN 1 AND 28", name=op.f("ck_lease_billing_day")),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_lease_days_in_order")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_lease_place_id_place")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_lease_room_id_room")),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariff.id"], name=op.f("fk_lease_tariff_id_tariff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
        sqlite_strict=True,
    )
    op.create_index("ix_lease_place", "lease", ["place_id"], unique=False)
    op.create_index("ix_lease_room", "lease", ["room_id"], unique=False)
    op.create_index(
        "uq_lease_running",
        "lease",
        ["room_id"],
        unique=True,
        sqlite_where=sa.text("end_on IS NULL"),
        postgresql_where=sa.text("end_on IS NULL"),
    )


def _create_meter() -> None:
    op.create_table(
        "meter",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("room_id", WHOLE, nullable=True),
        sa.Column("udf1", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("multiplier", WHOLE, nullable=False),
        sa.Column("max_value", WHOLE, nullable=True),
        sa.Column("limit_per_hour", WHOLE, nullable=False),
        sa.CheckConstraint("multiplier > 0", name=op.f("ck_meter_multiplier_positive")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_meter_place_id_place")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_meter_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meter")),
        sa.UniqueConstraint("udf1", name=op.f("uq_meter_udf1")),
        sqlite_strict=True,
    )


def _create_tariff_version() -> None:
    op.create_table(
        "tariff_version",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("tariff_id", WHOLE, nullable=False),
        sa.Column("from_on", DAY, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariff.id"], name=op.f("fk_tariff_version_tariff_id_tariff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_version")),
        sa.UniqueConstraint(
            "tariff_id", "from_on", name=op.f("uq_tariff_version_tariff_id_from_on")
        ),
        sqlite_strict=True,
    )


def _create_entry() -> None:
    op.create_table(
        "entry",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("lease_id", WHOLE, nullable=False),
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("tenant_paise", WHOLE, nullable=False),
        sa.Column("balance_after_paise", WHOLE, nullable=False),
        sa.Column("actor_id", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("reverses_id", WHOLE, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "tenant_paise BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_entry_tenant_paise_range"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_entry_actor_id_person")),
        sa.ForeignKeyConstraint(["lease_id"], ["lease.id"], name=op.f("fk_entry_lease_id_lease")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_entry_place_id_place")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["entry.id"], name=op.f("fk_entry_reverses_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_entry_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_entry_reverses_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_entry_lease", "entry", ["lease_id", "id"], unique=False)
    op.create_index("ix_entry_lease_occurred", "entry", ["lease_id", "occurred_at"], unique=False)
    op.create_index(
        "ix_entry_payment",
        "entry",
        ["lease_id", "id"],
        unique=False,
        sqlite_where=sa.text("kind = 'payment'"),
        postgresql_where=sa.text("kind = 'payment'"),
    )


def _create_installation() -> None:
    op.create_table(
        "installation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("meter_id", WHOLE, nullable=False),
        sa.Column("device_id", sa.Text(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_installation_device_id_device")
        ),
        sa.ForeignKeyConstraint(
            ["meter_id"], ["meter.id"], name=op.f("fk_installation_meter_id_meter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_installation_open",
        "installation",
        ["meter_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("lease_id", WHOLE, nullable=True),
        sa.Column("place_id", WHOLE, nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("created_by", WHOLE, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_by", WHOLE, nullable=True),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_invitation_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name=op.f("fk_invitation_lease_id_lease")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_invitation_place_id_place")
        ),
        sa.ForeignKeyConstraint(
            ["used_by"], ["person.id"], name=op.f("fk_invitation_used_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
        sqlite_strict=True,
    )


def _create_lease_tenant() -> None:
    op.create_table(
        "lease_tenant",
        sa.Column("lease_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name=op.f("fk_lease_tenant_lease_id_lease")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_lease_tenant_person_id_person")
        ),
        sa.PrimaryKeyConstraint("lease_id", "person_id", name=op.f("pk_lease_tenant")),
        sqlite_strict=True,
    )
    op.create_index("ix_lease_tenant_person", "lease_tenant", ["person_id"], unique=False)


def _create_relay_order() -> None:
    op.create_table(
        "relay_order",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("meter_id", WHOLE, nullable=False),
        sa.Column("lease_id", WHOLE, nullable=True),
        sa.Column("turn_on", FLAG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("lane", WHOLE, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("alerted_at", INSTANT, nullable=True),
        sa.Column("requested_by", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name=op.f("fk_relay_order_lease_id_lease")
        ),
        sa.ForeignKeyConstraint(
            ["meter_id"], ["meter.id"], name=op.f("fk_relay_order_meter_id_meter")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name=op.f("fk_relay_order_requested_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_order")),
        sqlite_strict=True,
    )
    op.create_index("ix_relay_order_due", "relay_order", ["status", "due_at"], unique=False)
    op.create_index("ix_relay_order_lease", "relay_order", ["lease_id"], unique=False)
    op.create_index("ix_relay_order_meter", "relay_order", ["meter_id", "id"], unique=False)
    op.create_index(
        "uq_relay_order_open",
        "relay_order",
        ["meter_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('PENDING', 'WAITING')"),
        postgresql_where=sa.text("status IN ('PENDING', 'WAITING')"),
    )


def _create_supply() -> None:
    op.create_table(
        "supply",
        sa.Column("meter_id", WHOLE, nullable=False),
        sa.Column("desired_on", FLAG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("hold", sa.Text(), nullable=False),
        sa.Column("hold_until", INSTANT, nullable=True),
        sa.Column("hold_by", WHOLE, nullable=True),
        sa.Column("hold_reason", sa.Text(), nullable=True),
        sa.Column("actual_on", FLAG, nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["hold_by"], ["person.id"], name=op.f("fk_supply_hold_by_person")),
        sa.ForeignKeyConstraint(["meter_id"], ["meter.id"], name=op.f("fk_supply_meter_id_meter")),
        sa.PrimaryKeyConstraint("meter_id", name=op.f("pk_supply")),
        sqlite_strict=True,
    )


def _create_charge_line() -> None:
    op.create_table(
        "charge_line",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("lease_id", WHOLE, nullable=False),
        sa.Column("month_on", DAY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version_id", WHOLE, nullable=False),
        sa.Column("by_generator", FLAG, nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("amount_paise", WHOLE, nullable=False),
        sa.CheckConstraint(
            "amount_paise BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_charge_line_amount_paise_range"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_charge_line_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name=op.f("fk_charge_line_lease_id_lease")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["tariff_version.id"],
            name=op.f("fk_charge_line_version_id_tariff_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_line")),
        sqlite_strict=True,
    )
    op.create_index("ix_charge_line_entry", "charge_line", ["entry_id"], unique=False)
    op.create_index(
        "ix_charge_line_lease_month", "charge_line", ["lease_id", "month_on"], unique=False
    )


def _create_payment_reference() -> None:
    op.create_table(
        "payment_reference",
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_payment_reference_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("method", "reference", name=op.f("pk_payment_reference")),
        sqlite_strict=True,
    )


def _create_posting() -> None:
    op.create_table(
        "posting",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("lease_id", WHOLE, nullable=True),
        sa.Column("amount_paise", WHOLE, nullable=False),
        sa.CheckConstraint(
            "(account = 'receivable') = (lease_id IS NOT NULL)",
            name=op.f("ck_posting_receivable_has_lease"),
        ),
        sa.CheckConstraint(
            "amount_paise BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_posting_amount_paise_range"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_posting_entry_id_entry")),
        sa.ForeignKeyConstraint(["lease_id"], ["lease.id"], name=op.f("fk_posting_lease_id_lease")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sqlite_strict=True,
    )
    op.create_index("ix_posting_entry", "posting", ["entry_id"], unique=False)
    op.create_index("ix_posting_lease", "posting", ["lease_id"], unique=False)


def _create_reading() -> None:
    op.create_table(
        "reading",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("meter_id", WHOLE, nullable=False),
        sa.Column("installation_id", WHOLE, nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("value", WHOLE, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("previous_value", WHOLE, nullable=True),
        sa.Column("consumption", WHOLE, nullable=True),
        sa.Column("is_anomalous", FLAG, nullable=False),
        sa.Column("lease_id", WHOLE, nullable=True),
        sa.CheckConstraint("value >= 0", name=op.f("ck_reading_value_positive")),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installation.id"],
            name=op.f("fk_reading_installation_id_installation"),
        ),
        sa.ForeignKeyConstraint(["lease_id"], ["lease.id"], name=op.f("fk_reading_lease_id_lease")),
        sa.ForeignKeyConstraint(["meter_id"], ["meter.id"], name=op.f("fk_reading_meter_id_meter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint(
            "installation_id",
            "taken_at",
            "type",
            name=op.f("uq_reading_installation_id_taken_at_type"),
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_reading_held",
        "reading",
        ["meter_id"],
        unique=False,
        sqlite_where=sa.text("status = 'HELD'"),
        postgresql_where=sa.text("status = 'HELD'"),
    )
    op.create_index("ix_reading_meter_taken", "reading", ["meter_id", "taken_at"], unique=False)


def _create_lease_meter() -> None:
    op.create_table(
        "lease_meter",
        sa.Column("lease_id", WHOLE, nullable=False),
        sa.Column("meter_id", WHOLE, nullable=False),
        sa.Column("anchor_reading_id", WHOLE, nullable=True),
        sa.Column("last_value", WHOLE, nullable=True),
        sa.Column("last_power_w", WHOLE, nullable=True),
        sa.Column("last_read_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["anchor_reading_id"],
            ["reading.id"],
            name=op.f("fk_lease_meter_anchor_reading_id_reading"),
        ),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name=op.f("fk_lease_meter_lease_id_lease")
        ),
        sa.ForeignKeyConstraint(
            ["meter_id"], ["meter.id"], name=op.f("fk_lease_meter_meter_id_meter")
        ),
        sa.PrimaryKeyConstraint("lease_id", "meter_id", name=op.f("pk_lease_meter")),
        sqlite_strict=True,
    )
    op.create_index("ix_lease_meter_meter", "lease_meter", ["meter_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("lease_meter")
    op.drop_table("reading")
    op.drop_table("posting")
    op.drop_table("payment_reference")
    op.drop_table("charge_line")
    op.drop_table("supply")
    op.drop_table("relay_order")
    op.drop_table("lease_tenant")
    op.drop_table("invitation")
    op.drop_table("installation")
    op.drop_table("entry")
    op.drop_table("tariff_version")
    op.drop_table("meter")
    op.drop_table("lease")
    op.drop_table("thread_message")
    op.drop_table("tariff")
    op.drop_table("staff_role")
    op.drop_table("spent_button")
    op.drop_table("room")
    op.drop_table("notice")
    op.drop_table("dialog")
    op.drop_table("audit")
    op.drop_table("place")
    op.drop_table("person")
    op.drop_table("job_slot")
    op.drop_table("device")
    op.drop_table("chat_update")
