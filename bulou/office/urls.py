"""Addresses of headquarters' screens."""

from django.urls import path

from bulou.office.views import board, correct, cycle, find, held, imports, missing, record, subject

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
    path("today/", cycle.home, name="cycle_home"),
    path("today/<area:area>/", cycle.cycle, name="cycle"),
    path("today/<area:area>/confirm/", cycle.confirm, name="cycle_confirm"),
    path("today/<area:area>/zero/", cycle.zero, name="cycle_zero"),
    path("today/<area:area>/decide/", cycle.decide, name="cycle_decide"),
    path("today/<area:area>/assign/", cycle.assign, name="cycle_assign"),
    path("today/<area:area>/done/<uuid:assignment>/", cycle.complete, name="cycle_complete"),
    path("today/<area:area>/rows/<slug:indicator>/", cycle.rows, name="cycle_rows"),
    path("today/<area:area>/report.xlsx", cycle.workbook, name="cycle_workbook"),
    path("find/", find.find, name="find"),
    path("imports/", imports.imports, name="imports"),
    path("imports/running/", imports.running, name="imports_running"),
    path("imports/<area:area>/<uuid:upload>/", imports.preview, name="import_preview"),
    path("imports/<area:area>/result/<uuid:run>/", imports.result, name="import_result"),
    path("imports/<area:area>/rows/<uuid:run>/", imports.rows, name="import_rows"),
]
