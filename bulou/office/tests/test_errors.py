import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_page_that_is_not_there_says_what_to_do():
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert '<main id="content"' in page and 'class="button"' in page


def test_pages_hold_nothing_a_strict_content_policy_refuses():
    page = Client().get("/nowhere/").content.decode()
    assert " style=" not in page and "<style" not in page and " onclick" not in page
    assert all("src=" in part.split(">")[0] or 'type="application/json"' in part.split(">")[0]
               for part in page.split("<script")[1:])  # fmt: skip
