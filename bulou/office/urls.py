"""Addresses of headquarters' screens."""

from django.urls import URLPattern

app_name = "office"
urlpatterns: list[URLPattern] = []
