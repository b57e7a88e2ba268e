"""A recording tells what happened, and nothing that must not be told."""

import asyncio
import json
import logging
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from coinbtr import AsyncCoinBTR, CoinBTR
from coinbtr.recording import AsyncRecordingEngine, Recorder, RecordingEngine, RecordingError
from coinbtr.recording.lines import Exchange, read
from coinbtr.sandbox import Sandbox
from coinbtr.wire.engine import ExchangeBroken, NotConnected, Request, Response

TOKEN = "3f9c1e77aa0b4c5d9e8f7a6b5c4d3e2f1a0b9c8d"
URL = "https://exchange.test/api/v1"


def recorded(
    path: Path,
    answer: bytes,
    *,
    url: str = f"{URL}/wallet/listbalances",
    content: bytes = b"",
    token: str = TOKEN,
) -> Exchange:
    """Record one exchange with this answer, and read it back."""
    request = Request(
        method="POST", url=url, headers={"Authorization": f"Token {token}"}, content=content
    )
    # A moment without digits of its own: tests look for digits that must not be in the file.
    with Recorder(path, URL, now=lambda: datetime(2020, 1, 1, tzinfo=UTC)) as recorder:
        recorder.record(request, Response(status=200, headers={}, content=answer))
    return next(read(path.read_text(encoding="ascii")))


def session(path: Path) -> Sandbox:
    """Record a program of the facade: all that an account has, an order, a withdrawal."""
    sandbox = Sandbox(token=TOKEN)
    with (
        Recorder(path, sandbox.base_url) as recorder,
        CoinBTR(
            token=TOKEN,
            base_url=sandbox.base_url,
            engine=RecordingEngine(sandbox.engine(), recorder),
            allow_withdrawals=True,
        ) as exchange,
    ):
        exchange.account.profile()
        exchange.account.session()
        exchange.wallet.balances()
        exchange.wallet.deposits()
        address = exchange.wallet.deposit_address("btc").address
        exchange.wallet.withdraw("btc", address=address, amount="0.125")
        order = exchange.trading.buy_limit("btc-mxn", amount="0.0123", price="500000.5")
        exchange.trading.cancel(order)
    return sandbox


def test_no_secret_is_in_the_file(tmp_path: Path) -> None:
    """Token, user name, e-mail, every address and every txid: none of them is in its bytes."""
    path = tmp_path / "session.jsonl"
    sandbox = session(path)
    content = path.read_bytes()
    with CoinBTR(token=TOKEN, base_url=sandbox.base_url, engine=sandbox.engine()) as exchange:
        profile = exchange.account.profile()
        secrets = [TOKEN, profile.email or "", f'"{profile.username}']
        secrets += [one.deposit_address or "" for one in exchange.wallet.balances()]
        secrets += [one.txid for one in exchange.wallet.deposits()]
        secrets += [one.txid for one in exchange.wallet.withdrawals()]
    wanted = [secret for secret in secrets if secret]
    assert len(wanted) > 15
    assert [secret for secret in wanted if secret.encode() in content] == []
    assert b"0.0123" in content
    assert b"500000.5" in content


def test_only_its_owner_can_read_it_and_it_replaces_nothing(tmp_path: Path) -> None:
    """The file has the mode 600, and one that exists is left alone."""
    path = tmp_path / "session.jsonl"
    Recorder(path, URL).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        Recorder(path, URL)


def test_the_same_original_has_the_same_pseudonym(tmp_path: Path) -> None:
    """An id that was answered is the one that is asked for later, and so is an address."""
    path = tmp_path / "session.jsonl"
    session(path)
    lines = list(read(path.read_text(encoding="ascii")))
    placed = next(one for one in lines if one.path == "/trading/place/buylimit")
    cancelled = next(one for one in lines if one.path == "/trading/cancel/buylimit")
    sent = next(one for one in lines if one.path == "/wallet/withdraw")
    told = next(one for one in lines if one.path == "/wallet/getdepositaddress")
    assert json.loads(placed.answer)["data"]["id"] == json.loads(cancelled.body)["id"]
    assert json.loads(told.answer)["data"]["address"] == json.loads(sent.body)["address"]
    assert {one.account for one in lines if one.path != "/market/listbooks"} == {"account-1"}


@pytest.mark.parametrize(
    "answer",
    [
        b'{"success": true, "data": {"phone": "+52 55 1234 5678", "clabe": 646180157000000004}}',
        f'{{"note": "your key is {TOKEN}"}}'.encode(),
        f'{{"status": "{TOKEN}"}}'.encode(),
        f'{{"{TOKEN}": 1}}'.encode(),
        f'{{"a": {TOKEN}}}'.encode(),
        f'{{"data": ["{TOKEN}'.encode(),
        f"<html><a title='{TOKEN}'>Ana Luz</a></html>".encode(),
        b'{"name": "Ana-Luz"}',
        b'{"msg": "Welcome, Ana"}',
        b'{"msg": {"error": "ana@example.org has no order 3453", "code": "order_not_found"}}',
        b'{"2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG": 1}',
        b'{"sender": "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"}',
        b'{"hash": "a4b50c3f7fb5dd9273f5be69661b79eed61570421f76ec903ad914d39980549e"}',
        b'{"error": "\\u0041na"}',
    ],
)
def test_what_nobody_knew_gives_nothing_away(tmp_path: Path, answer: bytes) -> None:
    """Unknown fields, texts, names of fields, other bodies than JSON: replaced all the same."""
    path = tmp_path / "session.jsonl"
    exchange = recorded(path, answer, content=answer)
    content = path.read_bytes()
    for secret in (TOKEN, "Ana", "ana@", "5678", "64618015", "2N9Ji", "a4b50c", "u0041na"):
        assert secret.encode() not in content, exchange


@pytest.mark.parametrize(
    "answer",
    [
        b'{"status": "swordfish"}',
        b'{"coin_name": "my swordfish"}',
        b'{"swordfish": 1}',
        b'{"swordfish": {"a": "swordfish"}}',
    ],
)
def test_a_token_that_looks_like_a_word_is_found(tmp_path: Path, answer: bytes) -> None:
    """What would be kept is replaced if the token is in it."""
    path = tmp_path / "session.jsonl"
    url = f"{URL}/swordfish/listbalances?market=swordfish&swordfish=1"
    recorded(path, answer, url=url, content=answer, token="swordfish")
    assert b"swordfish" not in path.read_bytes()


def test_a_token_has_one_name_however_its_header_is_written(tmp_path: Path) -> None:
    """Servers read over blanks around a token: it is the same account, and is found elsewhere."""
    path = tmp_path / "session.jsonl"
    assert recorded(path, b'{"swordfish": 1}', token="  swordfish ").account == "account-1"
    assert b"swordfish" not in path.read_bytes()


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("allow", "GET, POST", True),
        ("allow", "GET, ana", False),
        ("retry-after", "30", True),
        ("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT", True),
        ("retry-after", "ask ana", False),
        ("set-cookie", "session=ana", False),
    ],
)
def test_a_header_is_kept_only_where_it_looks_as_it_should(
    tmp_path: Path, name: str, value: str, kept: bool
) -> None:
    """Whatever else a server writes into a header stays out of the file."""
    path = tmp_path / "session.jsonl"
    with Recorder(path, URL) as recorder:
        recorder.record(Request(method="GET", url=URL), Response(status=200, headers={name: value}))
    assert (json.dumps(value) in path.read_text(encoding="ascii")) is kept


@pytest.mark.parametrize("step", ["1234567", "order-12345", "AbC123def456"])
def test_an_id_in_a_path_is_replaced(tmp_path: Path, step: str) -> None:
    """Of a path only words are kept."""
    path = tmp_path / "session.jsonl"
    recorded(path, b"{}", url=f"{URL}/market/get24hvolume/{step}")
    content = path.read_text(encoding="ascii")
    assert "/market/get24hvolume/step-1" in content
    assert step not in content


@pytest.mark.parametrize("query", [f"token={TOKEN}", f"market={TOKEN}", "email=ana%40x.org"])
def test_a_query_gives_nothing_away(tmp_path: Path, query: str) -> None:
    """A secret in the query or in the path of a URL is replaced."""
    path = tmp_path / "session.jsonl"
    recorded(path, b"{}", url=f"{URL}/wallet/{TOKEN}/listbalances?{query}")
    content = path.read_bytes()
    assert TOKEN.encode() not in content
    assert b"ana" not in content


@pytest.mark.parametrize(
    "answer",
    [
        b'{"amount": 1, "amount": 2}',
        b'{"amount": 1e-8, "price": NaN}',
        b'{"amount": 0.00000000, "balance": 20999999.97690000}',
        b'{"success": true, "msg": "", "data": [',
        b'{"coin": "BTC", "market": "BTC-MXN", "side": "BUY", "status": "signed"}',
        b'{"date": "2018-07-02T04:57:55.942Z", "created_at": "2021-01-01T00:00:00-05:00"}',
        b' [ true , null,\t{"price" : "0.00075"} ]\n',
    ],
)
def test_the_form_of_an_answer_is_kept(tmp_path: Path, answer: bytes) -> None:
    """Amounts, times, names, and what is wrong with the JSON stay byte for byte."""
    assert recorded(tmp_path / "session.jsonl", answer).answer == answer


def test_text_that_is_no_utf_8_stays_so(tmp_path: Path) -> None:
    """A judge must see it: the pseudonym has a byte that isn't UTF-8, too."""
    answer = recorded(tmp_path / "session.jsonl", b'{"coin_name": "\xff\xfe"}').answer
    with pytest.raises(UnicodeDecodeError):
        answer.decode()


def test_a_lost_answer_is_recorded_as_lost(tmp_path: Path) -> None:
    """What broke off is told from what never left; the program gets the engine's own error."""
    path = tmp_path / "session.jsonl"
    errors = [NotConnected("refused"), ExchangeBroken("broke")]

    class Broken:
        def send(self, request: Request) -> Response:
            raise errors[0]

        def close(self) -> None:
            """Hold nothing."""

    with Recorder(path, URL) as recorder:
        engine = RecordingEngine(Broken(), recorder)
        for error in list(errors):
            with pytest.raises(type(error)):
                engine.send(Request(method="GET", url=f"{URL}/market/listbooks"))
            errors.pop(0)
    lines = list(read(path.read_text(encoding="ascii")))
    assert [one.lost for one in lines] == ["not connected", "no complete answer"]
    assert [one.status for one in lines] == [None, None]


def test_a_full_disk_loses_no_order(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """When the file can't be written the program gets its answer, and the log says so once."""
    sandbox = Sandbox(token=TOKEN)
    recorder = Recorder(tmp_path / "session.jsonl", sandbox.base_url)
    recorder.close()
    engine = RecordingEngine(sandbox.engine(), recorder)
    with (
        caplog.at_level(logging.WARNING, "coinbtr"),
        CoinBTR(token=TOKEN, base_url=sandbox.base_url, engine=engine) as exchange,
    ):
        assert exchange.trading.buy_limit("btc-mxn", amount="0.01", price="500000").is_open
    assert recorder.problem is not None
    assert len([one for one in caplog.records if "incomplete" in one.getMessage()]) == 1


def test_async_programs_record_too(tmp_path: Path) -> None:
    """AsyncRecordingEngine writes the same lines."""
    path = tmp_path / "session.jsonl"
    sandbox = Sandbox(token=TOKEN)

    async def main() -> None:
        with Recorder(path, sandbox.base_url) as recorder:
            engine = AsyncRecordingEngine(sandbox.async_engine(), recorder)
            async with AsyncCoinBTR(
                token=TOKEN, base_url=sandbox.base_url, engine=engine
            ) as exchange:
                await asyncio.gather(*(exchange.wallet.balance(coin) for coin in ("btc", "mxn")))

    asyncio.run(main())
    assert len(list(read(path.read_text(encoding="ascii")))) == 2


def test_threads_share_a_recorder(tmp_path: Path) -> None:
    """Lines of many threads don't run into each other."""
    path = tmp_path / "session.jsonl"
    request = Request(method="GET", url=f"{URL}/market/listbooks")
    answer = Response(status=200, content=b'{"id": 1}' * 100)
    with Recorder(path, URL) as recorder:

        def write() -> None:
            for _ in range(50):
                recorder.record(request, answer)

        threads = [Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(list(read(path.read_text(encoding="ascii")))) == 400


def _edited(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    def edit(text: str) -> str:
        first, rest = text.split("\n", 1)
        heading = json.loads(first)
        change(heading)
        return json.dumps(heading) + "\n" + rest

    return edit


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (_edited(lambda heading: heading.update(version=2)), "version 2"),
        (_edited(lambda heading: heading.update(format="other")), "begin as a recording"),
        (_edited(lambda heading: heading.pop("version")), "version None"),
        (lambda text: text.replace('"request"', '"question"', 1), "line 2"),
    ],
)
def test_another_format_is_refused(
    tmp_path: Path, edit: Callable[[str], str], sentence: str
) -> None:
    """An unknown version or a broken line is refused with a sentence that says where."""
    path = tmp_path / "session.jsonl"
    session(path)
    with pytest.raises(RecordingError, match=sentence):
        list(read(edit(path.read_text(encoding="ascii"))))


def test_a_recording_that_was_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    """Whoever recorded may have been killed while writing its last line."""
    path = tmp_path / "session.jsonl"
    session(path)
    text = path.read_text(encoding="ascii")
    whole = len(list(read(text)))
    assert len(list(read(text[:-40]))) == whole - 1
