"""Addresses of Collect, with a token or with a name and password, and of the office's page about it."""

from typing import Any

from django.urls import path

from bulou.odk.views import office, phone, submission

app_name = "odk"

_PHONE: list[tuple[str, Any, str]] = [
    ("formList", phone.form_list, "form_list"),
    ("forms/<slug:form>.xml", phone.form, "form"),
    ("forms/<slug:form>/manifest", phone.manifest, "manifest"),
    ("forms/<slug:form>/files/<str:name>", phone.file, "file"),
    ("lists/<slug:name>.csv", phone.media, "media"),
    ("lists/<slug:name>/integrity", phone.integrity, "integrity"),
    ("submission", submission.submission, "submission"),
]
urlpatterns = [
    path("collect/", office.phones, name="phones"),
    path("collect/new/", office.new, name="new"),
    path("collect/<uuid:user>/revoke/", office.revoke, name="revoke"),
    *(path(f"odk/{route}", view, name=f"signed_{name}") for route, view, name in _PHONE),
    *(path(f"odk/<slug:token>/{route}", view, name=name) for route, view, name in _PHONE),
]
