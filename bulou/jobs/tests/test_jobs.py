"""A piece of work is done once, by one process at a time, and whoever asked is told what became of it."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import OperationalError, connections, transaction

from bulou.core.divisions import county_area
from bulou.core.ids import new_id
from bulou.core.moments import parse_moment
from bulou.core.scope import EVERYTHING, seeing, visible
from bulou.jobs import actions, queries
from bulou.jobs.rules import FAILED, LEASE, MOST_TRIES, PAUSE, STOPPED, TAKEN, WAITING, Job, Lost, Work
from bulou.jobs.tests.doing import do_waiting

AT = parse_moment("2020-02-05 09:00")
BY = "system:test"
COUNTY = 610927
AREA = county_area(COUNTY)
LATER = AT + LEASE


def ask(work: str = "test.work", at=AT, **more: object) -> UUID:
    id_ = new_id()
    actions.ask(work, county=COUNTY, id=id_, area=AREA, by=BY, at=at, **more)  # type: ignore[arg-type]
    return id_


def take(at=AT) -> Job:
    job = actions.take("test.work", at=at)
    assert job is not None
    return job


@pytest.mark.django_db
def test_it_is_done_seeing_what_whoever_asked_saw_in_their_language_and_is_gone() -> None:
    from django.utils.translation import get_language

    seen = []
    with seeing([(AREA, AREA + 5)]):
        id_ = ask(given={"days": 7}, file=b"rows", language="en")
        assert queries.find_jobs([id_])[id_].state == WAITING

    def work(job: Job, clock) -> None:
        seen.append((job.given, visible(), get_language()))
        actions.finish(job)

    with seeing(EVERYTHING):
        assert do_waiting([Work("test.work", work, 60)], clock=lambda: AT) == 1
        assert queries.jobs() == []
    assert seen == [({"days": 7}, ((AREA, AREA + 5),), "en")]


@pytest.mark.django_db
def test_they_are_taken_in_the_order_in_which_they_were_asked_for() -> None:
    third, first, second = ask(), ask(at=AT - 2 * PAUSE), ask(at=AT - PAUSE)
    assert take().id == first
    waiting = queries.find_job(third)
    assert waiting and queries.before(waiting) == 2
    assert [take().id, take().id] == [second, third]
    assert actions.take("test.work", at=AT) is None and actions.take("test.other", at=AT) is None


@pytest.mark.django_db
def test_one_that_says_it_lives_is_left_alone_and_one_that_is_silent_is_taken_again() -> None:
    ask()
    job = take()
    actions.keep(job, at=AT + LEASE / 2)
    assert actions.take("test.work", at=LATER) is None
    again = take(AT + 2 * LEASE)
    assert (again.id, again.tries, again.why) == (job.id, 2, "died|1")
    assert actions.resume(COUNTY, job.id, again.token) == again and actions.resume(COUNTY, job.id, job.token) is None


@pytest.mark.django_db
def test_what_a_process_wrote_that_had_lost_its_work_is_taken_back() -> None:
    """It stood still while another took it: both come to the end, and one of them has done it."""
    ask()
    slow = take()
    quick = take(LATER)
    other = new_id()
    with pytest.raises(Lost), transaction.atomic():
        actions.ask("test.written", county=COUNTY, id=other, area=AREA, by=BY, at=AT)
        actions.finish(slow)
    assert queries.find_job(other) is None
    with pytest.raises(Lost):
        actions.keep(slow, at=LATER)
    actions.fail(slow, why="error|Slow", at=LATER)
    assert not actions.died(slow, why="died|1", at=LATER)
    actions.finish(quick)
    assert queries.find_job(quick.id) is None


@pytest.mark.django_db
def test_after_so_many_processes_have_died_of_it_a_person_is_asked() -> None:
    id_, at = ask(), AT
    for n in range(1, MOST_TRIES + 1):
        assert actions.died(take(at), why=f"died|{n}", at=at)
        assert actions.take("test.work", at=at) is None
        at += PAUSE
    found = queries.find_job(id_)
    assert found and (found.state, found.why, found.tries) == (FAILED, "died|3", MOST_TRIES)


@pytest.mark.django_db
def test_it_has_failed_also_where_the_whole_server_died_each_time() -> None:
    id_, at = ask(), AT
    for _ in range(MOST_TRIES):
        take(at)
        at += LEASE
    assert actions.take("test.work", at=at) is None
    found = queries.find_job(id_)
    assert found and (found.state, found.why) == (FAILED, "died|3")


@pytest.mark.django_db
def test_a_clock_that_was_set_back_keeps_nothing_waiting_for_hours() -> None:
    ask()
    take(AT + timedelta(hours=3))
    assert take(AT).tries == 2


@pytest.mark.django_db
def test_a_fault_in_the_work_is_not_tried_again_by_itself_and_is_not_shown_in_raw_words() -> None:
    id_ = ask()

    def broken(job: Job, clock) -> None:
        raise ValueError("安娜 610927199001011234")

    works = [Work("test.work", broken, 60)]
    assert do_waiting(works, clock=lambda: AT) == 1 and do_waiting(works, clock=lambda: AT + 9 * LEASE) == 0
    found = queries.find_job(id_)
    assert found and (found.state, found.why) == (FAILED, "error|ValueError")


@pytest.mark.django_db
def test_what_a_person_stopped_is_not_done_and_can_be_tried_again() -> None:
    id_ = ask(file=b"rows")
    job = take()
    assert actions.stop(COUNTY, id_, by="account:x", at=LATER)
    with pytest.raises(Lost):
        actions.finish(job)
    found = queries.find_job(id_)
    assert found and (found.state, found.changed_by) == (STOPPED, "account:x")
    assert not actions.stop(COUNTY, id_, by=BY, at=LATER) and actions.take("test.work", at=LATER) is None


@pytest.mark.django_db
def test_nobody_sees_what_lies_elsewhere() -> None:
    id_ = ask()
    with seeing([(AREA + 10**12, AREA + 2 * 10**12)]):
        assert queries.find_job(id_) is None and queries.jobs() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_machines_that_take_at_the_same_moment_one_gets_it() -> None:
    ids, taken, ready = [ask() for _ in range(12)], [], Barrier(4)

    def machine() -> None:
        try:
            ready.wait()
            while True:
                try:
                    job = actions.take("test.work", at=AT)
                except OperationalError:  # the tests' SQLite is in memory, where nobody waits for a lock
                    continue
                if job is None:
                    return
                taken.append(job.id)
        finally:
            connections.close_all()

    threads = [Thread(target=machine) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(ids)
    assert {job.state for job in queries.jobs()} == {TAKEN}
