"""A phone as a village worker holds it: a Chromium with a screen of 360 px that can lose its signal and its battery."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect

from tests.journeys.conftest import FLAGS, Site, chromium
from tests.journeys.lines import Line

WELL, NOBODY, NORMAL = "都在家、都正常", "没人在家，已留条", "上门测温，一切正常"
SHAPE = {"locale": "zh-CN", "viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PATIENCE = 30_000

KEPT = """async ([store, words]) => {
  const opened = await new Promise((done, failed) => {
    const asked = indexedDB.open("bulou");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  try {
    for (let tries = 0; tries < 300; tries++) {
      const all = await new Promise((done) => {
        const asked = opened.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      if (JSON.stringify(all).includes(words)) return;
      await new Promise((done) => setTimeout(done, 100));
    }
  } finally {
    opened.close();
  }
  throw new Error(`${words} never came into ${store}`);
}"""


class Phone:
    """One phone: `page` shows its app. With a `folder` it keeps what it stores when its browser dies."""

    def __init__(
        self, site: Site, browser: Browser | None, playwright: Playwright, folder: Path | None = None, *, port: int = 0,
    ) -> None:  # fmt: skip
        self._site, self._browser, self._playwright, self._folder = site, browser, playwright, folder
        self.line = Line(port or int(site.address.rpartition(":")[2]))
        self.context: BrowserContext
        self.page: Page
        self.start()

    @property
    def password(self) -> str:
        return str(self._site.made["password"])

    def start(self, *, signal: bool = True) -> None:
        if self._folder is not None:
            self.context = self._playwright.chromium.launch_persistent_context(
                self._folder, executable_path=chromium(), args=FLAGS, base_url=self.line.address, **SHAPE
            )
            self.page = self.context.pages[0]
        else:
            assert self._browser is not None
            self.context = self._browser.new_context(base_url=self.line.address, **SHAPE)
            self.page = self.context.new_page()
        self.context.set_default_timeout(PATIENCE)
        self.signal(signal)

    def signal(self, there: bool) -> None:
        if there:
            self.line.mend()
        else:
            self.line.cut()
        self.context.set_offline(not there)

    def close(self) -> None:
        with suppress(Exception):
            self.context.close()
        self.line.close()

    def kill(self) -> None:
        """End the browser as a dead battery does: nothing is asked first."""
        with suppress(Exception):
            self.context.new_cdp_session(self.page).send("Browser.crash")
        with suppress(Exception):
            self.context.close()

    def scan(self, address: str) -> None:
        """Open the address that a code holds, over this phone's own line."""
        self.page.goto(address.replace(self._site.address, self.line.address))

    def open(self, where: str = "#/today") -> Page:
        self.page.goto(f"/phone/{where}")
        return self.page

    def stop(self, words: str) -> Locator:
        return self.page.locator(".stop").filter(has_text=words)

    def begin(self, words: str, way: str) -> None:
        """Open one of the ways of a stop of Today."""
        self.open()
        self.stop(words).get_by_role("link", name=way).tap()

    def temperatures(self, *degrees: str) -> None:
        fields = self.page.locator("input.bf-temperature")
        expect(fields).to_have_count(len(degrees))
        for field, said in zip(fields.all(), degrees, strict=True):
            field.fill(said)

    def answer(self, question: str, *choices: str, within: Locator | None = None) -> None:
        """Choose answers of a question of the whole form."""
        asked = (within or self.page.locator(".bf")).locator(".bf-q").filter(
            has=self.page.locator(".bf-label", has_text=question)
        )  # fmt: skip
        for choice in choices:
            asked.first.locator(".bf-choice").get_by_text(choice, exact=True).tap()

    def visit(self, words: str, *degrees: str) -> None:
        """Record the visit where all is well: two taps and the temperatures."""
        self.begin(words, WELL)
        self.temperatures(*(degrees or ("36.5", "36.6")))
        self.save()

    def save(self) -> None:
        self.page.locator(".bf-save").tap()
        expect(self.page.locator(".toast")).to_contain_text("已保存", timeout=PATIENCE)
        expect(self.page.locator(".bf-save")).to_have_count(0)

    def on_disk(self, store: str, words: str) -> None:
        """Wait until something with these words is in a store of the phone."""
        self.page.evaluate(KEPT, [store, words])

    def counts(self) -> list[int]:
        """Return what the worker sees: saved, sent, accepted, held."""
        self.open("#/outbox")
        expect(self.page.locator(".numbers dd")).to_have_count(4)
        return [int(value) for value in self.page.locator(".numbers dd").all_inner_texts()]

    def sent(self) -> None:
        """Wait until everything is at the server, and what it made of it is on the phone."""
        self.open("#/outbox")
        expect(self.page.locator(".status-counts span").first).to_have_text("未发送 0", timeout=PATIENCE)
        expect(self.page.locator(".status-line")).to_have_text("已联网", timeout=PATIENCE)


def enrol(phone: Phone, office: Page, village: str, worker: str, *, elsewhere: str = "") -> str:
    """Enrol a phone as clerk and worker do it together; return the address the code held.

    `elsewhere`: where the worker signs in instead, if the phone's line carries no cookies.
    """
    address = offer(office, village, worker)
    phone.scan(address)
    if elsewhere:
        page = phone.context.new_page()
        page.goto(f"{elsewhere}/account/phones/")
        say_mine(page, worker, phone.password)
        page.close()
    else:
        consent(phone.page, worker, phone.password)
    compare(phone, office)
    office.locator('button[value="same"]').click()
    expect(phone.page.locator(".stop").first).to_be_visible(timeout=PATIENCE)
    # A day without a signal begins once everything is on the phone.
    phone.open("#/me")
    expect(phone.page.locator(".facts")).to_contain_text("没有信号也能用可以", timeout=PATIENCE)
    phone.sent()
    return address


def consent(page: Page, worker: str, password: str) -> None:
    """Sign in on the phone as the worker and say that it is theirs; go back to the app."""
    page.get_by_role("link", name="登录并确认").tap(timeout=PATIENCE)
    say_mine(page, worker, password)
    page.locator('main a[href="/phone/"]').tap(timeout=PATIENCE)


def say_mine(page: Page, worker: str, password: str) -> None:
    page.fill("#id_login", worker)
    page.fill("#id_password", password)
    page.locator("main form button").first.tap()
    page.locator('button[value="mine"]').first.tap(timeout=PATIENCE)  # those that wait stand first
    expect(page.locator("body")).to_contain_text("您已确认", timeout=PATIENCE)


def offer(office: Page, village: str, worker: str) -> str:
    """Have the clerk show a code for the worker; return the address in it."""
    office.goto(f"/phones/{village}/enrol/")
    office.select_option("#account", label=worker)
    office.locator("main form button").click()
    address = office.locator("code.secret").text_content()
    assert address
    return address


def compare(phone: Phone, office: Page) -> None:
    """Wait until both show six digits, and hold them against each other."""
    digits = phone.page.locator(".digits")
    expect(digits).to_be_visible(timeout=PATIENCE)
    shown = digits.inner_text().replace(" ", "")
    assert len(shown) == 6
    expect(office.locator("#answer code")).to_have_text(shown, timeout=PATIENCE)
