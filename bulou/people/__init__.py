"""Households and persons: the registers every sweep is ordered over, and one person found through many lists."""
