"""Every address of the product."""

from django.urls import include, path

urlpatterns = [
    path("", include("bulou.office.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler400 = "bulou.office.views.errors.bad_request"
handler403 = "bulou.office.views.errors.forbidden"
handler404 = "bulou.office.views.errors.not_found"
