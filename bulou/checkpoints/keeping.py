"""Checkpoints keep nothing about people in tables of their own: what passed is in the ledger, and only there."""

from bulou.core.keeping import Declared, Kept

KEPT: Declared = {"checkpoints_adoptedtable": Kept(nobody="county id name since text basis by at")}
