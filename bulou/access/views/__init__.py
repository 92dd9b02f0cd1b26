"""The decorators every view stands behind: `page`, `personal` or `public`. A view without one is refused."""

from bulou.access.views.doors import PAGE, SMALL, Door, Request, page, personal, public

__all__ = ["PAGE", "SMALL", "Door", "Request", "page", "personal", "public"]
