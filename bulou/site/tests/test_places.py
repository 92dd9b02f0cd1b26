import pytest

from bulou.areas.actions import import_file
from bulou.areas.tests.lists import division_files
from bulou.core.divisions import last_of, number_of
from bulou.core.moments import now
from bulou.core.scope import seeing
from bulou.site.places import offered_areas

TOWN = number_of("610927100000")


@pytest.mark.django_db
def test_forms_offer_the_areas_of_the_scope_by_name():
    import_file(division_files()["zhenping"], by="system:test", at=now())
    with seeing([(TOWN, last_of(TOWN))]):
        offered = dict(offered_areas())
    assert offered[TOWN] == "城关镇" and offered[number_of("610927100005")] == "竹溪河社区居委会"
    assert all(TOWN <= number <= last_of(TOWN) for number in offered)
    with seeing([(number_of("610927000000"), last_of(number_of("610927000000")))]):
        assert len(offered_areas()) > 60
    with seeing(()):
        assert offered_areas() == []
