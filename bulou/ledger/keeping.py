"""What of the ledger is about people: the bodies, as their kinds declare it, and the words written beside them."""

from bulou.core.keeping import BLANK, END, About, After, Declared, Kept

BY_KIND = "the fields of its kind are declared one by one (bulou/kinds) and destroyed by the erasures of the ledger"

KEPT: Declared = {
    "ledger_entry": Kept(
        nobody="county id position txid kind version subject area happened_at recorded_at received_at by device seq"
        " prev_hash signature amends rules digest written_from marked",
        stays={"body": BY_KIND},
    ),
    "ledger_held": Kept(
        nobody="county id entry digest reason area by device seq received_at resolved_at resolved_by resolution"
        " watched_at waits_for",
        about=(
            About(
                {"note": BLANK, "detail": BLANK},
                "settle what could not be applied",
                (After("incident", END, "received_at", area="area"),),
            ),
        ),
        stays={"sent": BY_KIND},
    ),
    "ledger_stuck": Kept(
        nobody="county consumer entry kind subject area tries since again_at",
        about=(
            About(
                {"why": BLANK},
                "mend what could not be acted upon",
                (After("incident", END, "since", area="area"),),
            ),
        ),
    ),
    "ledger_evidence": Kept(nobody="county subject duty happened_at entry until waives reported_at counts_at"),
    "ledger_duty": Kept(
        nobody="county id name subject area owed_by opened_by opens_at due_at closes_at met_by met_at met_reported_at"
        " waived_by waived_at"
    ),
    "ledger_tally": Kept(nobody="county area name opens_at due_at closes_at owed met late waived"),
    "ledger_settled": Kept(nobody="county name day area opens_at due_at closes_at met late waived"),
    "ledger_cursor": Kept(nobody="consumer txid position"),
    "ledger_fading": Kept(nobody="county id held kind since area closing"),
    "ledger_erasure": Kept(nobody="county id held kind day erased_at basis hash remains did"),
    "ledger_blanked": Kept(nobody="county id name columns event before erased_at basis number"),
}
