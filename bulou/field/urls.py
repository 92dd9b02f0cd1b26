"""Addresses of the phone: its page, and its API."""

from django.urls import path, register_converter

from bulou.field.converters import HashConverter
from bulou.field.views import attachments, described, enrolling, entries, shell, work

register_converter(HashConverter, "sha256")

app_name = "field"
urlpatterns = [
    path("phone/", shell.phone, name="phone"),
    path("phone/sw.js", shell.worker, name="worker"),
    path("field/v1/enrol", enrolling.enrol, name="enrol"),
    path("field/v1/enrol/<uuid:device>", enrolling.enrolment, name="enrolment"),
    path("field/v1/challenge", enrolling.challenge, name="challenge"),
    path("field/v1/sessions", enrolling.sessions, name="sessions"),
    path("field/v1/entries", entries.entries, name="entries"),
    path("field/v1/work", work.work, name="work"),
    path("field/v1/attachments/<sha256:digest>", attachments.attachment, name="attachment"),
    path("field/v1/openapi.json", described.openapi, name="openapi"),
    path("field/v1/forms/<slug:kind>/<slug:hash>", work.form, name="form"),
]
