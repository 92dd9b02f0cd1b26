"""What is kept of reports: numbers only."""

from bulou.core.keeping import Declared, Kept

KEPT: Declared = {"reports_kept": Kept(nobody="county area day cut_off taken_at numbers")}
