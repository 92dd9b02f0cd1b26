"""Phones retry while the first post is still running. ODK Central then answers half of them 409; here nobody hears that."""

import http.client
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlsplit

from bulou.core.ids import new_id
from bulou.odk.tests.conftest import vacant
from tests.openrosa.conftest import Server

PHONES, ROUNDS = 8, 12


def multipart(xml: str) -> bytes:
    return (
        '--b\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n'
        f"Content-Type: text/xml\r\n\r\n{xml}\r\n--b--\r\n"
    ).encode()


class Phone:
    """One connection that stays open."""

    def __init__(self, server: Server) -> None:
        parts = urlsplit(server.odk)
        self.path = parts.path
        self.connection = http.client.HTTPConnection(parts.netloc, timeout=60)

    def __enter__(self) -> "Phone":
        return self

    def __exit__(self, *said: object) -> None:
        self.connection.close()

    def post(self, body: bytes, *, chunked: bool = False) -> int:
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        pieces = (body[i : i + 100] for i in range(0, len(body), 100)) if chunked else body
        self.connection.request("POST", f"{self.path}/submission", pieces, headers, encode_chunked=chunked)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status


def post(server: Server, body: bytes) -> int:
    with Phone(server) as phone:
        return phone.post(body)


def test_the_same_record_from_eight_connections_at_once(server: Server) -> None:
    household = f"household:{server.made['household']}"
    before = len(server.ledger()["entries"])
    phones = [Phone(server) for _ in range(PHONES)]
    answers: Counter[int] = Counter()
    with ThreadPoolExecutor(PHONES) as pool:
        for _ in range(ROUNDS):
            body, together = multipart(vacant(household)), Barrier(PHONES)

            def send(phone: Phone, body: bytes = body, together: Barrier = together) -> int:
                together.wait()
                return phone.post(body)

            answers.update(pool.map(send, phones))
    for phone in phones:
        phone.connection.close()
    assert answers == {201: ROUNDS, 202: ROUNDS * (PHONES - 1)}
    found = server.ledger()
    assert len(found["entries"]) - before == ROUNDS and found["held"] == []


def test_different_records_at_once_and_two_contents_of_one(server: Server) -> None:
    household = f"household:{server.made['household']}"
    before = len(server.ledger()["entries"])
    bodies = [multipart(vacant(household, note=f"第{i}次")) for i in range(40)]
    with ThreadPoolExecutor(PHONES) as pool:
        assert set(pool.map(lambda body: post(server, body), bodies)) == {201}
    one = f"uuid:{new_id()}"
    two = [multipart(vacant(household, instance=one, note=note)) for note in ("甲", "乙")] * 4
    with ThreadPoolExecutor(PHONES) as pool:
        answers = Counter(pool.map(lambda body: post(server, body), two))
    assert answers == {201: 1, 202: 3, 409: 4}
    found = server.ledger()
    assert len(found["entries"]) - before == 41
    assert [reason for reason, _ in found["held"]] == ["clash of ids"]


def test_a_body_in_chunks_of_no_stated_length(server: Server) -> None:
    body = multipart(vacant(f"household:{server.made['household']}"))
    with Phone(server) as phone:
        assert [phone.post(body, chunked=True) for _ in range(2)] == [201, 202]
        assert phone.post(body[:-20], chunked=True) == 400


def test_a_connection_lost_half_way_leaves_nothing(server: Server) -> None:
    body = multipart(vacant(f"household:{server.made['household']}"))
    before = server.ledger()
    phone = Phone(server)
    phone.connection.putrequest("POST", f"{phone.path}/submission")
    phone.connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    phone.connection.putheader("Content-Length", str(len(body)))
    phone.connection.endheaders(body[: len(body) // 2])
    time.sleep(0.3)
    phone.connection.close()
    time.sleep(0.5)
    assert server.ledger() == before
    assert post(server, body) == 201
