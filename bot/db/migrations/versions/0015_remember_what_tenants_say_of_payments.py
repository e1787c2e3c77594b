"""Remember what tenants say of payments."""

import sqlalchemy as sa
from alembic import op

from bot.db.migrations.columns import DAY, INSTANT, WHOLE

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember what tenants say of payments."""
    op.create_table(
        "payment_promise",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("lease_id", WHOLE, nullable=False),
        sa.Column("asked_by", WHOLE, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("pay_on", DAY, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by", WHOLE, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_payment_promise_asked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_payment_promise_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name=op.f("fk_payment_promise_lease_id_lease")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_payment_promise_place_id_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_promise")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_payment_promise_lease", "payment_promise", ["lease_id", "status"], unique=False
    )
    op.create_index(
        "uq_payment_promise_waiting",
        "payment_promise",
        ["lease_id"],
        unique=True,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    _create_claims()


def _create_claims() -> None:
    op.create_table(
        "payment_claim",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("place_id", WHOLE, nullable=False),
        sa.Column("lease_id", WHOLE, nullable=False),
        sa.Column("claimed_by", WHOLE, nullable=False),
        sa.Column("claimed_at", INSTANT, nullable=False),
        sa.Column("amount_paise", WHOLE, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("photo_id", WHOLE, nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by", WHOLE, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entry_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "(status = 'accepted') = (entry_id IS NOT NULL)",
            name=op.f("ck_payment_claim_names_its_payment"),
        ),
        sa.CheckConstraint(
            "amount_paise BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_payment_claim_amount_paise_range"),
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["person.id"], name=op.f("fk_payment_claim_claimed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_payment_claim_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_payment_claim_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["lease_id"], ["lease.id"], name=op.f("fk_payment_claim_lease_id_lease")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_payment_claim_photo_id_photo")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_payment_claim_place_id_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_claim")),
        sqlite_strict=True,
    )
    op.create_index("ix_payment_claim_lease", "payment_claim", ["lease_id"], unique=False)
    op.create_index("ix_payment_claim_photo", "payment_claim", ["photo_id"], unique=False)
    op.create_index(
        "uq_payment_claim_reference",
        "payment_claim",
        ["method", "reference"],
        unique=True,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("payment_claim")
    op.drop_table("payment_promise")
