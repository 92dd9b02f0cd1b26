"""The page the phone's app starts from, and its service worker. What they load was built by `web/`."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bulou.access.views import public

BUILT = "field/built"
# The forms engine compiles WebAssembly it carries inside its own script; photographs are drawn from memory.
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "connect-src 'self' data: blob:",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


def _built(name: str) -> Path | None:
    found = finders.find(f"{BUILT}/{name}")
    return Path(found) if isinstance(found, str) else None


@lru_cache(maxsize=4)
def _manifest(path: Path, changed: float) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return said


def _entry() -> dict[str, Any] | None:
    """Return the addresses of the app's script and styles, None if it has not been built."""
    path = _built("manifest.json")
    if path is None:
        return None
    entry = next((one for one in _manifest(path, path.stat().st_mtime).values() if one.get("isEntry")), None)
    if entry is None:
        return None
    root = f"{settings.STATIC_URL}{BUILT}/"  # by the names Vite gave, which the service worker keeps them under
    return {
        "script": root + entry["file"],
        "styles": [root + name for name in entry.get("css", [])],
        "manifest": root + "phone.webmanifest" if _built("phone.webmanifest") else "",
    }


@public
def phone(request: HttpRequest) -> HttpResponse:
    """Show the app, or what to run to build it."""
    entry = _entry()
    response = render(request, "field/phone.html", {"entry": entry}, status=200 if entry else 503)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker from where it may serve the whole app; the browser asks each time whether it changed."""
    path = _built("sw.js")
    if path is None:
        return HttpResponse("// not built", content_type="text/javascript", status=404)
    response = HttpResponse(path.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/phone/"
    return response
