"""Schemathesis asks the API what nobody thought of asking: no answer is a 5xx, and none has another shape than it says."""

import warnings

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from hypothesis import HealthCheck, Phase, settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # not ours to mend
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from bulou.field.views import enrolling

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore"),
    # Outside Django's test client a request gives back its connection, and with it the test's own transaction.
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the shapes of answers are asked for on SQLite"),
]
API = schemathesis.openapi.from_wsgi("/field/v1/openapi.json", get_wsgi_application())
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
ASKED = settings(
    max_examples=8, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@API.parametrize()
@ASKED
def test_no_question_breaks_the_server(case, anna, tmp_path, settings) -> None:
    settings.DATA = tmp_path
    enrolling.BY_ADDRESS.forget()
    enrolling.BY_DEVICE.forget()
    response = case.call(headers={"Authorization": f"Bearer {anna.session}", "Accept-Encoding": "identity"})
    case.validate_response(response, checks=CHECKS)
