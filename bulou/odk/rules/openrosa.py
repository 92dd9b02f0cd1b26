"""The documents OpenRosa speaks in, as ODK Collect reads them, and the code that sets a phone up."""

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

VERSION = "1.0"  # X-OpenRosa-Version
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ENTITIES = ' type="entityList"'
LARGEST_POST = 10_000_000  # bytes; Collect sends what is larger in parts
LARGEST_XML = 1_000_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One form of the list. Addresses are absolute; `md5` is of the exact bytes served."""

    form: str
    title: str
    version: str
    md5: str
    url: str
    manifest_url: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """One file of a manifest, an entity list if it has an `integrity_url`. `md5` is of the exact bytes served."""

    filename: str
    md5: str
    url: str
    integrity_url: str = ""


def form_list(forms: Iterable[Listed]) -> str:
    """Return the list of forms. One entry without its id, name or address would void the whole list for Collect."""
    return (
        f'{HEAD}<xforms xmlns="http://openrosa.org/xforms/xformsList">'
        + "".join(
            f"<xform>{_tag('formID', each.form)}{_tag('name', each.title)}{_tag('version', each.version)}"
            f"{_tag('hash', f'md5:{each.md5}')}{_tag('downloadUrl', each.url)}"
            + (_tag("manifestUrl", each.manifest_url) if each.manifest_url else "")
            + "</xform>"
            for each in forms
        )
        + "</xforms>"
    )


def manifest(files: Iterable[Media]) -> str:
    """Return the manifest of a form: the lists it chooses from."""
    return (
        f'{HEAD}<manifest xmlns="http://openrosa.org/xforms/xformsManifest">'
        + "".join(
            f"<mediaFile{_ENTITIES if each.integrity_url else ''}>{_tag('filename', each.filename)}"
            f"{_tag('hash', f'md5:{each.md5}')}{_tag('downloadUrl', each.url)}"
            f"{_tag('integrityUrl', each.integrity_url) if each.integrity_url else ''}</mediaFile>"
            for each in files
        )
        + "</manifest>"
    )


def integrity(deleted: Mapping[str, bool]) -> str:
    """Return, for every entity asked about, whether it is gone."""
    return (
        f"{HEAD}<data><entities>"
        + "".join(
            f"<entity id={quoteattr(key)}>{_tag('deleted', 'true' if gone else 'false')}</entity>"
            for key, gone in deleted.items()
        )
        + "</entities></data>"
    )


def message(text: str, nature: str) -> str:
    """Return what Collect shows the person who sent something. `nature`: a short word for programs."""
    return (
        f'{HEAD}<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
        f"<message nature={quoteattr(nature)}>{escape(text)}</message></OpenRosaResponse>"
    )


def settings_code(url: str, project: str, *, username: str = "", password: str = "") -> str:
    """Return the text of the QR code that sets Collect up: base64 of the deflated JSON of its settings.

    The phone mirrors our list of forms, sends by itself, and keeps nothing it has sent longer than it must.
    """
    general = {
        "server_url": url,
        "form_update_mode": "match_exactly",
        "periodic_form_updates_check": "every_fifteen_minutes",
        "autosend": "wifi_and_cellular",
        "delete_send": True,
    }
    if username:
        general |= {"username": username, "password": password}
    said = json.dumps({"general": general, "admin": {}, "project": {"name": project}}, ensure_ascii=False)
    return base64.b64encode(zlib.compress(said.encode())).decode()


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"
