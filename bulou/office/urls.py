"""Addresses of headquarters' screens."""

from django.urls import path

from bulou.office.views import board, correct, find, held, imports, missing, record, subject

app_name = "office"
urlpatterns = [
    path("", board.home, name="home"),
    path("board/<area:area>/", board.board, name="board"),
    path("missing/", missing.home, name="missing_home"),
    path("missing/<area:area>/", missing.missing, name="missing"),
    path("missing/<area:area>/export/", missing.export, name="missing_export"),
    path("household/<int:county>/<uuid:household>/", subject.household, name="household"),
    path("person/<int:county>/<uuid:person>/", subject.person, name="person"),
    path("reveal/<int:county>/<slug:sort>/<uuid:key>/", subject.reveal, name="reveal"),
    path("record/<slug:kind>/<int:county>/<str:subject>/", record.record, name="record"),
    path("correct/<int:county>/<uuid:entry>/", correct.correct, name="correct"),
    path("withdraw/<int:county>/<uuid:entry>/", correct.withdraw, name="withdraw"),
    path("held/", held.tray, name="held"),
    path("held/<uuid:held>/", held.resolve, name="resolve"),
    path("held/<uuid:held>/correct/", held.correct_held, name="correct_held"),
    path("find/", find.find, name="find"),
    path("imports/", imports.imports, name="imports"),
    path("imports/running/", imports.running, name="imports_running"),
    path("imports/<area:area>/<uuid:upload>/", imports.preview, name="import_preview"),
    path("imports/<area:area>/result/<uuid:run>/", imports.result, name="import_result"),
    path("imports/<area:area>/rows/<uuid:run>/", imports.rows, name="import_rows"),
]
