"""The columns of the ledger's tables, for set-based SQL."""

from bulou.store import Table

ENTRY = Table(
    "ledger_entry",
    {
        "county": "int",
        "id": "uuid",
        "kind": "text",
        "version": "int",
        "subject": "text",
        "area": "bigint",
        "happened_at": "timestamptz",
        "recorded_at": "timestamptz",
        "received_at": "timestamptz",
        "by": "text",
        "device": "text",
        "seq": "bigint",
        "prev_hash": "text",
        "signature": "text",
        "body": "text",
        "amends": "uuid",
        "rules": "text",
        "digest": "text",
        "written_from": "timestamptz",
        "marked": "boolean",
    },
    numbered=True,
)
DUTY = Table(
    "ledger_duty",
    {
        "county": "int",
        "id": "uuid",
        "name": "text",
        "subject": "text",
        "area": "bigint",
        "owed_by": "text",
        "opened_by": "uuid",
        "opens_at": "timestamptz",
        "due_at": "timestamptz",
        "closes_at": "timestamptz",
        "met_by": "uuid",
        "met_at": "timestamptz",
        "met_reported_at": "timestamptz",
        "waived_by": "uuid",
        "waived_at": "timestamptz",
    },
)
EVIDENCE = Table(
    "ledger_evidence",
    {
        "county": "int",
        "subject": "text",
        "duty": "text",
        "happened_at": "timestamptz",
        "entry": "uuid",
        "until": "timestamptz",
        "waives": "boolean",
        "reported_at": "timestamptz",
        "counts_at": "timestamptz",
    },
)
TALLY = Table(
    "ledger_tally",
    {
        "county": "int",
        "area": "bigint",
        "name": "text",
        "opens_at": "timestamptz",
        "due_at": "timestamptz",
        "closes_at": "timestamptz",
        "owed": "int",
        "met": "int",
        "late": "int",
        "waived": "int",
    },
)
SETTLED = Table(
    "ledger_settled",
    {
        "county": "int",
        "name": "text",
        "day": "date",
        "area": "bigint",
        "opens_at": "timestamptz",
        "due_at": "timestamptz",
        "closes_at": "timestamptz",
        "met": "int",
        "late": "int",
        "waived": "int",
    },
)
HELD = Table(
    "ledger_held",
    {
        "county": "int",
        "id": "uuid",
        "entry": "uuid",
        "digest": "text",
        "reason": "text",
        "detail": "text",
        "sent": "text",
        "area": "bigint",
        "by": "text",
        "device": "text",
        "seq": "bigint",
        "received_at": "timestamptz",
        "resolved_by": "text",
        "resolution": "text",
        "note": "text",
        "waits_for": "uuid",
    },
)
FADING = Table(
    "ledger_fading",
    {
        "county": "int",
        "id": "uuid",
        "held": "boolean",
        "kind": "text",
        "since": "timestamptz",
        "area": "bigint",
        "closing": "boolean",
    },
)
BLANKED = Table(
    "ledger_blanked",
    {
        "county": "int",
        "id": "uuid",
        "name": "text",
        "columns": "text",
        "event": "text",
        "before": "timestamptz",
        "erased_at": "timestamptz",
        "basis": "text",
        "number": "int",
    },
)
ERASURE = Table(
    "ledger_erasure",
    {
        "county": "int",
        "id": "uuid",
        "held": "boolean",
        "kind": "text",
        "day": "date",
        "erased_at": "timestamptz",
        "basis": "text",
        "hash": "text",
        "remains": "text",
        "did": "text",
    },
)
