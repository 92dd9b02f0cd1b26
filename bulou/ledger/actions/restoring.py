"""What a restored ledger needs before it is used: a new PostgreSQL server counts its transactions from the start."""

from django.db import transaction

from bulou.ledger.models import Cursor
from bulou.store import is_postgres, query

LIFT = (
    "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_append_only",
    "GRANT UPDATE ON ledger_entry TO CURRENT_USER",
)
PUT_BACK = (
    "REVOKE UPDATE ON ledger_entry FROM CURRENT_USER",
    "GRANT UPDATE (body) ON ledger_entry TO CURRENT_USER",  # as before: the trigger asks for an erasure on record
    "ALTER TABLE ledger_entry ENABLE TRIGGER ledger_entry_append_only",
)


def after_restore() -> None:
    """Forget in which transaction of the old server each entry was written, and move the consumers' cursors with them.

    The feed shows only entries whose transaction is older than every running one. Kept numbers of the old server may
    lie ahead of the new one's, and would hide their entries; zero lies behind. A cursor is put before the first entry
    its consumer had not handled: it may see some again, and misses none. Nothing else of an entry is touched; the
    trigger and the grant are lifted for this one transaction.
    """
    if not is_postgres():
        return  # one writer, no transaction numbers
    with transaction.atomic():
        for cursor in Cursor.objects.all():
            ((first, last),) = query(
                "SELECT min(position) FILTER (WHERE (txid, position) > (%s, %s)), max(position) FROM ledger_entry",
                cursor.txid,
                cursor.position,
            )
            cursor.txid, cursor.position = 0, first - 1 if first is not None else last or 0
            cursor.save()
        for statement in LIFT:
            query(statement)
        query("UPDATE ledger_entry SET txid = 0 WHERE txid <> 0")
        for statement in PUT_BACK:
            query(statement)
