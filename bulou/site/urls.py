"""Every address of the product."""

from django.urls import include, path

urlpatterns = [
    path("", include("bulou.odk.urls")),  # what phones ask all day is found first
    path("", include("bulou.field.urls")),
    path("", include("bulou.office.urls")),
    path("", include("bulou.access.urls")),
    path("account/", include("bulou.access.login_urls")),
]

handler400 = "bulou.office.views.errors.bad_request"
handler403 = "bulou.office.views.errors.forbidden"
handler404 = "bulou.office.views.errors.not_found"
handler500 = "bulou.site.refusals.failed"
