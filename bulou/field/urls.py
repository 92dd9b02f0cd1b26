"""Addresses of the phone: its page, and its API."""

from django.urls import path

from bulou.field.views import enrolling, entries, shell

app_name = "field"
urlpatterns = [
    path("phone/", shell.phone, name="phone"),
    path("phone/sw.js", shell.worker, name="worker"),
    path("field/v1/enrol", enrolling.enrol, name="enrol"),
    path("field/v1/enrol/<uuid:device>", enrolling.enrolment, name="enrolment"),
    path("field/v1/challenge", enrolling.challenge, name="challenge"),
    path("field/v1/sessions", enrolling.sessions, name="sessions"),
    path("field/v1/entries", entries.entries, name="entries"),
]
