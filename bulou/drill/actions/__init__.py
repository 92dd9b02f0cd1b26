"""Sets a county up from its blueprint and plays its days, through the doors everything else uses."""

from bulou.drill.actions.playing import play
from bulou.drill.actions.setting_up import Say, set_up

__all__ = ["Say", "play", "set_up"]
