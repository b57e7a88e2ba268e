"""Reports as files: one page that stands alone, JUnit, JSON; no token, no balance, no address."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve

from coinbtr.contract import Report, reports, run
from coinbtr.contract.operations import operations
from coinbtr.contract.options import Options
from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import ExchangeBroken, Request, Response
from tests.contract.conftest import Command
from tests.contract.server_of_2019 import BASE_URL, ServerOf2019
from tests.contract.tampering import TOKEN, TamperedSandbox
from tests.contract.test_model_findings import play
from tests.mutants.catalogue import named


@pytest.fixture(scope="module")
def server() -> ServerOf2019:
    """A server that deviates in many ways, and knows balances and addresses."""
    return ServerOf2019()


@pytest.fixture(scope="module")
def report(server: ServerOf2019) -> Report:
    """A run against it."""
    return run(Options(url=BASE_URL, token=TOKEN), server, progress=lambda *_: None, pace=0.0)


@pytest.fixture(scope="module")
def folder(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its three files."""
    made = tmp_path_factory.mktemp("report") / "new" / "folder"
    reports.write(report, made)
    return made


class _Page(HTMLParser):
    """Collects the tags of a page, and checks that they are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag in."""
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Take its end in."""
        assert self.open.pop() == tag


def test_there_are_three_files(folder: Path) -> None:
    """The folder is made if it isn't there."""
    assert sorted(one.name for one in folder.iterdir()) == [
        "junit.xml",
        "report.html",
        "report.json",
    ]


def test_the_page_needs_nothing_from_elsewhere(folder: Path) -> None:
    """No script, no link, no image, no address in its style; a policy forbids all of it."""
    text = (folder / "report.html").read_text(encoding="utf-8")
    page = _Page(text)
    assert page.open == []
    names = {name for name, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "video", "base"}
    assert all(not {"src", "href", "srcset", "onclick"} & set(attrs) for _, attrs in page.tags)
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(attrs for _, attrs in page.tags if attrs.get("http-equiv"))
    assert "default-src 'none'" in (policy["content"] or "")


def test_the_page_can_be_read_on_a_phone_and_by_a_screen_reader(folder: Path) -> None:
    """A language, a title, a viewport, landmarks, one h1, headings in order, table headers."""
    text = (folder / "report.html").read_text(encoding="utf-8")
    page = _Page(text)
    names = [name for name, _ in page.tags]
    assert ("html", {"lang": "en"}) in page.tags
    viewport = next(attrs for _, attrs in page.tags if attrs.get("name") == "viewport")
    assert viewport["content"] == "width=device-width, initial-scale=1"
    assert {"title", "header", "main", "caption"} <= set(names)
    levels = [int(name[1]) for name in names if re.fullmatch("h[1-6]", name)]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert all(attrs.get("scope") in ("col", "row") for name, attrs in page.tags if name == "th")
    # What scrolls sideways can be reached by keyboard, and has a name.
    wide = [attrs for _, attrs in page.tags if attrs.get("class") == "scroll"]
    assert wide
    assert all(
        one.get("tabindex") == "0" and (one.get("aria-label") or one.get("aria-labelledby"))
        for one in wide
    )


def test_the_page_shows_expected_and_observed(folder: Path) -> None:
    """Each operation with its state, and what differs side by side."""
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert all(name in text for name in operations())
    assert re.search(r"200 data</code></td><td>array</td><td>object", text)
    assert "not tried" in text


def test_no_report_tells_what_is_the_accounts(folder: Path, server: ServerOf2019) -> None:
    """Neither token nor balance, address, txid, user name or e-mail is in any of the files."""
    sandbox = Sandbox(token=TOKEN)
    request = Request(
        method="GET",
        url=f"{sandbox.base_url}/wallet/listbalances",
        headers={"Authorization": f"Token {TOKEN}"},
    )
    balances = json.loads(server.sandbox.handle(request).content, parse_float=str)["data"]
    secrets = [one["depositAddress"] for one in balances if one["depositAddress"]]
    secrets += [one["balance"] for one in balances]
    secrets += [TOKEN, "demo@sandbox.invalid"]
    assert len(secrets) > 10
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        # The limits of books are no secret, and some balances are as round as they.
        public = text.replace('"max_', "").replace('"min_', "")
        assert [one for one in secrets if one in public and len(one) > 14] == []
        assert '"available":"10.00000000"' not in text.replace("&#34;", '"')
        assert "demo@sandbox.invalid" not in text


def test_hostile_answers_stay_text(tmp_path: Path) -> None:
    """What a server says is never markup: not in the page, not in XML."""
    sandbox = Sandbox(token=TOKEN)
    attack = "</pre><script>alert(1)</script>\x00\x1b[31m]]>&amp;"

    class Hostile:
        def send(self, request: Request) -> Response:
            response = sandbox.handle(request)
            content = response.content.replace(b'"msg":""', b'"msg":' + json.dumps(attack).encode())
            content = content.replace(b'"name":', json.dumps(attack).encode() + b":")
            return Response(status=response.status, headers={}, content=content)

        def close(self) -> None:
            """Hold nothing."""

    report = run(Options(url=BASE_URL), Hostile(), progress=lambda *_: None, pace=0.0)
    assert report.findings
    reports.write(report, tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert _Page(text).open == []
    ET.parse(tmp_path / "junit.xml")  # noqa: S314 - our own


def test_what_xml_can_not_hold_is_left_out(report: Report, tmp_path: Path) -> None:
    """A control character in a sentence doesn't spoil the file."""
    reports.write(evolve(report, problem="it broke\x00\x1b[31m\ufffe"), tmp_path)
    root = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - our own
    error = root.find("testsuite/testcase/error")
    assert error is not None
    assert error.get("message") == "it broke[31m"


def test_junit_counts(folder: Path, report: Report) -> None:
    """An operation is a case: failures deviate, skipped ones weren't tried, with the reason."""
    suite = ET.parse(folder / "junit.xml").getroot().find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    cases = suite.findall("testcase")
    assert len(cases) == len(operations()) + 1 == int(suite.get("tests", ""))
    for kind, count in (("failure", "failures"), ("skipped", "skipped"), ("error", "errors")):
        assert len(suite.findall(f"testcase/{kind}")) == int(suite.get(count, "")), kind
    assert int(suite.get("failures", "")) == len({one.operation for one in report.findings})
    skipped = [one.find("skipped") for one in cases if one.get("name") == "withdraw"]
    assert skipped[0] is not None
    assert "moves money" in skipped[0].get("message", "")


def test_json_has_a_format_and_a_version(folder: Path) -> None:
    """Every operation with its state, its differences and its undocumented fields."""
    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert (told["format"], told["version"]) == ("coinbtr-contract-report", 1)
    assert told["verdict"] == "deviates"
    by_name = {one["operation"]: one for one in told["operations"]}
    assert by_name.keys() == operations().keys()
    assert by_name["withdraw"]["state"] == "not tried"
    assert "moves money" in by_name["withdraw"]["why"]
    assert {"where": "200 data", "expected": "array", "observed": "object", "code": "C121"} in (
        by_name["listBalances"]["differences"]
    )
    assert "data.coin_name (string)" in by_name["getBalance"]["undocumented"]


@pytest.mark.parametrize("lost", [True, False])
def test_an_operation_that_is_not_there_is_unreachable(lost: bool) -> None:
    """No answer at all, or an answer that there is no such path: `unreachable`, not `deviates`."""
    sandbox = Sandbox(token=TOKEN)

    class Partial:
        def send(self, request: Request) -> Response:
            if "/market/getcurrencies" not in request.url:
                return sandbox.handle(request)
            if lost:
                raise ExchangeBroken("the connection broke")
            return Response(status=404, content=b"<h1>Not Found</h1>")

        def close(self) -> None:
            """Hold nothing."""

    report = run(
        Options(url=BASE_URL, token=TOKEN, profile="live"),
        Partial(),
        progress=lambda *_: None,
        pace=0.0,
    )
    states = {one.operation: one.state for one, _, __ in reports.summary(report).operations}
    assert states["getCurrencies"] == "unreachable"
    assert states["listBooks"] == "keeps"


def test_undocumented_fields_are_drift_and_no_failure(
    sandbox: TamperedSandbox, url: str, command: Command, tmp_path: Path
) -> None:
    """A field more breaks no rule: exit status 0, and the field is told everywhere."""
    sandbox.tamper = lambda request, handle: _with_more(handle(request))
    outcome = command(url, "--phase", "market", "--report", str(tmp_path))
    assert outcome.status == 0, outcome.text
    assert "data[].extra (string)" in outcome.text
    assert "undocumented field" in outcome.text
    for name in ("report.html", "report.json"):
        assert "data[].extra (string)" in (tmp_path / name).read_text(encoding="utf-8")


def _with_more(response: Response) -> Response:
    content = response.content.replace(b'{"name":', b'{"extra":"x","name":')
    return Response(status=response.status, headers=response.headers, content=content)


def test_what_takes_several_requests_is_told_whole(tmp_path: Path) -> None:
    """Every line of `curl` and of the facade is in each file, without an address."""
    reports.write(play(named("a withdrawal without its fee"), profile="quick"), tmp_path)
    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    finding = next(one for one in told["findings"] if one["facade"])
    assert "\n" in finding["curl"]
    for name in ("report.html", "junit.xml"):
        text = unescape((tmp_path / name).read_text(encoding="utf-8"))
        for line in (*finding["curl"].splitlines(), *finding["facade"].splitlines()):
            assert line in text
    assert "2N" not in finding["curl"] + finding["facade"]


def test_the_command_writes_them(
    sandbox: TamperedSandbox, url: str, command: Command, tmp_path: Path
) -> None:
    """`--report DIR` beside the terminal's report; a folder that can't be is wrong use."""
    sandbox.tamper = named("the volume as a string").make(sandbox)
    outcome = command(url, "--phase", "market", "--report", str(tmp_path / "report"))
    assert outcome.status == 1
    for file in (tmp_path / "report").iterdir():
        assert TOKEN not in file.read_text(encoding="utf-8")
    (tmp_path / "file").write_text("")
    refused = command(url, "--phase", "market", "--report", str(tmp_path / "file"))
    assert refused.status == 2, refused.text


def test_a_token_on_the_command_line_is_warned_of(url: str, command: Command) -> None:
    """Every process of the machine can read it there; from the environment there is no warning."""
    outcome = command(url, "--phase", "market")
    assert "the list of processes shows what follows --token; set COINBTR_TOKEN" in outcome.text
    assert "set COINBTR_OTHER_TOKEN" in outcome.text
    assert TOKEN not in outcome.text


def test_a_token_in_the_environment_is_not(
    url: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is where it belongs."""
    monkeypatch.setenv("COINBTR_TOKEN", TOKEN)
    outcome = command(url, "--phase", "market", tokens=False)
    assert outcome.status == 0, outcome.text
    assert "list of processes" not in outcome.text
