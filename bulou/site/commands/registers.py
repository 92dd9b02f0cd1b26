"""Bring in what a county already has: its areas and its registers of households and people."""

import click


@click.group(short_help="The area tree: import it from a list of codes and names.")
def areas() -> None:
    """The area tree."""


@click.group(short_help="Households and persons: import them from the Excel a village really has.")
def people() -> None:
    """Households and persons."""
