"""The decorators every view stands behind: `page`, `personal` or `public`. A view without one is refused."""

from bulou.access.views.doors import Door, Request, page, personal, public

__all__ = ["Door", "Request", "page", "personal", "public"]
