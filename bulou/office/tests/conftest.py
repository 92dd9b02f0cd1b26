from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from bulou.access.tests.people import sign_in
from bulou.core.moments import now
from bulou.office.tests.made import County, make_county


@pytest.fixture(autouse=True)
def _at_noon(noon) -> None:
    """Every test here begins at noon."""


@pytest.fixture
def made(db) -> County:
    return make_county(now() - timedelta(minutes=1))


@pytest.fixture
def signed_in(made):
    """Return what signs an account of the county in, its pages in English so that words can be looked for."""

    def signed(name: str, language: str = "en", second_factor: bool = False) -> Client:
        client = sign_in(made.accounts[name], second_factor=second_factor)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client

    return signed
