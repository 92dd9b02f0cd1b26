"""Setting a second factor up, and signing in with it, as a person does: through the pages, with an app on a phone."""

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from bulou.access.models import AuditRow
from bulou.access.tests.people import PASSWORD

ON, MOVE, CODES, ME = ("/account/second-factor/on/", "/account/second-factor/move/", "/account/recovery-codes/",
                       "/account/")  # fmt: skip


class App:
    """An authenticator app on somebody's phone."""

    def __init__(self, clock):
        self.clock, self.secret = clock, ""

    def code(self):
        self.clock.time += 30
        return format_hotp_value(hotp_value(self.secret, int(self.clock.time) // 30))


def by_password(username, client=None):
    """Return a browser in which somebody typed the user name and the password, and no more."""
    client = client or Client()
    client.post("/account/login/", {"login": username, "password": PASSWORD})
    return client


def text(response):
    return response.content.decode()


def acts(account=None):
    rows = AuditRow.objects.order_by("id").exclude(action__in=["create_account", "grant"])
    return [row.action for row in rows if account is None or row.account == f"account:{account}"]


def handed(manager, account):
    """Return the code a manager makes for the account on its page."""
    page = manager.post(f"/accounts/{account}/second-factor/code/")
    assert page.status_code == 200, page
    return page.context["code"]


def enrol(client, clock, code=None):
    """Set the second factor up as a person does; return the app and the recovery codes."""
    if code is not None:
        assert client.post(ON, {"handed": code})["Location"] == ON
    page = client.get(ON)
    app = App(clock)
    app.secret = page.context["form"].secret
    done = client.post(ON, {"code": app.code()})
    assert done.status_code == 200, done
    return app, done.context["codes"]


def by_both(username, app):
    client = by_password(username)
    answer = client.post("/account/login/code/", {"code": app.code()})
    assert answer.status_code == 302, text(answer)
    return client
