"""Bill leases that pay later."""

import sqlalchemy as sa
from alembic import op

from bot.db.guard import guard_append_only
from bot.db.migrations.columns import DAY, INSTANT, WHOLE
from bot.db.migrations.rebuilding import anew

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bill leases that pay later."""
    op.create_table(
        "invoice_serial",
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", WHOLE, autoincrement=False, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_invoice_serial_place_id_place")
        ),
        sa.PrimaryKeyConstraint("place_id", "kind", "year", name=op.f("pk_invoice_serial")),
        sqlite_strict=True,
    )
    op.create_table(
        "invoice",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("lease_id", WHOLE, nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("serial", WHOLE, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("period_from_on", DAY, nullable=False),
        sa.Column("period_to_on", DAY, nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("issued_on", DAY, nullable=False),
        sa.Column("due_on", DAY, nullable=False),
        sa.Column("net_paise", WHOLE, nullable=False),
        sa.Column("tax_paise", WHOLE, nullable=False),
        sa.Column("total_paise", WHOLE, nullable=False),
        sa.Column("balance_after_paise", WHOLE, nullable=False),
        sa.Column("corrects_id", WHOLE, nullable=True),
        sa.Column("actor_id", WHOLE, nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (corrects_id IS NOT NULL)",
            name=op.f("ck_invoice_names_its_bill"),
        ),
        sa.CheckConstraint("net_paise + tax_paise = total_paise", name=op.f("ck_invoice_adds_up")),
        sa.CheckConstraint(
            "total_paise BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_invoice_total_paise_range"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_invoice_actor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["invoice.id"], name=op.f("fk_invoice_corrects_id_invoice")
        ),
        sa.ForeignKeyConstraint(["lease_id"], ["lease.id"], name=op.f("fk_invoice_lease_id_lease")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_invoice_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("key", name=op.f("uq_invoice_key")),
        sa.UniqueConstraint(
            "place_id", "kind", "year", "serial", name=op.f("uq_invoice_place_id_kind_year_serial")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_invoice_corrects", "invoice", ["corrects_id"], unique=False)
    op.create_index("ix_invoice_lease", "invoice", ["lease_id", "id"], unique=False)
    _add_what_is_on_them()
    with op.batch_alter_table("lease", **anew()) as batch_op:
        batch_op.add_column(sa.Column("billing_since_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("disputed_paise", WHOLE, nullable=False, server_default="0"))
    with op.batch_alter_table("lease", **anew()) as batch_op:
        batch_op.alter_column("disputed_paise", existing_type=WHOLE, server_default=None)
    guard_append_only(op.get_bind(), ["invoice", "invoice_entry"])


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("lease", **anew()) as batch_op:
        batch_op.drop_column("disputed_paise")
        batch_op.drop_column("billing_since_at")

    op.drop_table("invoice_reminder")
    op.drop_table("invoice_entry")
    op.drop_table("invoice")
    op.drop_table("invoice_serial")


def _add_what_is_on_them() -> None:
    op.create_table(
        "invoice_entry",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("invoice_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_invoice_entry_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_entry_invoice_id_invoice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_entry")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_invoice_entry_entry_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_invoice_entry_invoice", "invoice_entry", ["invoice_id"], unique=False)
    op.create_table(
        "invoice_reminder",
        sa.Column("invoice_id", WHOLE, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_reminder_invoice_id_invoice")
        ),
        sa.PrimaryKeyConstraint("invoice_id", "step", name=op.f("pk_invoice_reminder")),
        sqlite_strict=True,
    )
