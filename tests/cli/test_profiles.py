"""Profiles: one file, no secret in it, and a token that goes to its own server only."""

import os
import stat
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from coinbtr.cli import places, settings
from coinbtr.cli.options import Where
from coinbtr.errors import ConfigurationError
from coinbtr.sandbox.server import SandboxServer
from tests.cli.conftest import run

LIVE = "https://coinbtr.com/api/v1"
HERE = "http://127.0.0.1:8642/api/v1"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration file, which isn't there yet."""
    path = tmp_path / "here" / "config.toml"
    monkeypatch.setenv("COINBTR_CONFIG", str(path))
    return path


def write(path: Path, text: str) -> None:
    """Put a text into the file."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def secret(path: Path, token: str, mode: int = 0o600) -> Path:
    """A file with a token."""
    path.write_text(f"{token}\n")
    path.chmod(mode)
    return path


def test_the_file_is_where_the_system_has_such_files(tmp_path: Path) -> None:
    """XDG_CONFIG_HOME on Linux; COINBTR_CONFIG names another."""
    assert run("config", "path").out.strip() == str(tmp_path / "config/coinbtr/config.toml")


def test_set_show_unset(config: Path) -> None:
    """What is set is shown and can be removed; comments stay."""
    assert "no" in run("config", "show").err
    write(config, "# mine\n")
    assert run("config", "set", "base_url", HERE + "/").status == 0
    assert run("config", "set", "max_order_value.mxn", "50000").status == 0
    assert run("config", "set", "--profile", "live", "environment", "live").status == 0
    assert run("config", "set", "withdrawal_addresses.btc", "2N9JiEUY", "2N8xxxxx").status == 0
    shown = run("config", "show").out
    assert "# mine" in shown
    known = settings.load()
    assert known.profile(None).server == HERE
    assert known.profile("live").server == LIVE
    assert known.profile(None).max_order_value == {"mxn": "50000"}
    assert known.profile(None).withdrawal_addresses == {"btc": ["2N9JiEUY", "2N8xxxxx"]}
    assert run("config", "set", "default_profile", "live").status == 0
    assert settings.load().profile(None).server == LIVE
    assert run("config", "unset", "default_profile").status == 0
    assert run("config", "unset", "max_order_value.mxn").status == 0
    assert run("config", "unset", "max_order_value.mxn").status == 2
    # A key of one value has no coins.
    run("config", "set", "book", "btc-mxn")
    for refused in (("set", "book.mxn", "1"), ("unset", "book.mxn")):
        done = run("config", *refused)
        assert (done.status, done.err.count("\n")) == (2, 1)
    assert not settings.load().profile(None).max_order_value


def test_a_default_book(server: SandboxServer) -> None:
    """A book that is left out is the profile's."""
    run("config", "set", "base_url", server.base_url)
    run("config", "set", "book", "ltc-mxn")
    assert '"book":"LTC-MXN"' in run("ticker", "-o", "json").out


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("x = 1", "x is no known key"),
        ("[profiles.a]\nmoon = 1", "profiles.a.moon is no known key"),
        ("[profiles.a]\nbook = 1", "profiles.a.book must be"),
        ("[profiles.a]\nenvironment = 'test'", "profiles.a.environment must be"),
        ("[profiles.a]\nallow_withdrawals = 'yes'", "profiles.a.allow_withdrawals must be"),
        ("[profiles.a]\nbase_url = 'http://example.org'", "https"),
        ("[profiles.a]\nbase_url = 'https://a.b'\nenvironment = 'live'", "one says where"),
        ("[profiles.a]\ntoken = 'abc'", "coinbtr config token"),
        ("[profiles.a]\nwithdrawal_addresses = ['x']", "withdrawal_addresses must be"),
        ("[profiles.a]\nmax_order_value = {mxn = 0.0}", "mxn must be greater than 0"),
        ("[profiles.a]\nmax_order_value = {mxn = inf}", "mxn must be a finite number"),
        ("[profiles.a]\nmax_order_value = {mxn = true}", "max_order_value must be an amount"),
        ("[profiles.a]\nmax_order_value = {mxn = '5', MXN = '6'}", "names a coin twice"),
        ("[profiles.a]\nwithdrawal_addresses = {btc = [5]}", "withdrawal_addresses must be"),
        ("[profiles.a]\ntoken_file = '\\u0000'".replace("'", '"'), "token_file: it must be"),
        ("default_profile = 'b'\n[profiles.a]", "default_profile must name a profile, not 'b'"),
        ("default_profile = ['a']\n[profiles.a]", "default_profile must name a profile"),
        ("profiles = 1", "profiles must be"),
        ("[profiles", "no valid TOML"),
        (f"[profiles.a]\nbook = {'9' * 5000}", "no valid TOML"),
        (f"[profiles.a]\nbook = {'[' * 5000}", "no valid TOML"),
        (f"[profiles.a]\nbook = 1e{'9' * 40}", "no valid TOML"),
    ],
)
def test_a_mistake_in_the_file_is_named(text: str, what: str, config: Path) -> None:
    """File and key are named, and the command ends with 2."""
    write(config, text)
    done = run("books")
    assert done.status == 2
    assert what in done.err
    assert str(config) in done.err
    assert "abc" not in done.err


def test_a_limit_written_as_a_number_is_exact(config: Path) -> None:
    """A number of TOML with a point never becomes a float."""
    write(config, "[profiles.default]\nmax_order_value = {mxn = 20999999.97690000}")
    limit = settings.load().profile(None).max_order_value
    assert limit is not None
    assert f"{limit['mxn']:f}" == "20999999.97690000"


@pytest.mark.parametrize(
    ("key", "values", "right"),
    [
        ("moon", ["1"], "there are base_url, environment"),
        ("base_url", ["http://example.org"], "plain http is for loopback only"),
        ("base_url", [""], "https://host/path"),
        ("base_url", ["ftp://127.0.0.1/x"], "https://host/path"),
        ("environment", ["test"], '"live"'),
        ("environment", ["LIVE"], '"live"'),
        ("book", ["btc-mxn", "ltc-mxn"], "one value, not 2"),
        ("book", ["btcmxn"], 'such as "btc-mxn"'),
        ("book", ["true"], "such as btc-mxn"),
        ("book", [""], 'such as "btc-mxn"'),
        ("token_file", [""], "the path of a file"),
        ("token_file", [" "], "the path of a file"),
        ("token_file", ["\udcff"], "the path of a file"),
        ("keyring", ["yes"], "true or false"),
        ("allow_withdrawals", ["maybe"], "true or false"),
        ("allow_withdrawals.btc", ["true"], "true or false"),
        ("withdrawal_addresses", ["2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"], "for each coin"),
        ("withdrawal_addresses.btc", ["2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG", "x"], "8 to 128"),
        ("withdrawal_addresses.b", ["2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"], 'such as "btc"'),
        ("max_order_value", ["5"], "for each coin"),
        ("max_order_value.mxn", ["x"], 'such as "0.1"'),
        ("max_order_value.mxn", ["1e3"], 'such as "0.1"'),
        ("max_order_value.mxn", ["-5"], "greater than 0"),
        ("max_order_value.mxn", ["0"], "greater than 0"),
        ("max_order_value.mxn", ["1000000000001"], "at most 1000000000000"),
        ("max_order_value.mxn", ["0.123456789"], "8 decimals"),
        ("max_order_value.mxn", ["true"], 'such as "0.1"'),
        ("max_order_value.mxn", ["5", "6"], "one value, not 2"),
        ("max_order_value.pesos-mx", ["5"], 'such as "btc"'),
        ("max_order_value.mxn.x", ["5"], 'such as "btc"'),
        ("max_order_value.", ["5"], "for each coin"),
        ("max_price_deviation", ["five"], 'such as "0.1"'),
        ("max_price_deviation", ["5"], "from 0 to 1"),
        ("max_price_deviation", ["-0.1"], "from 0 to 1"),
        ("max_price_deviation.mxn", ["0.1"], "a share"),
        ("default_profile", ["nobody"], "there are: none"),
        ("default_profile", [""], "there are: none"),
        ("token", ["abc"], "coinbtr config token"),
    ],
)
def test_nothing_is_written_that_could_not_be_used(
    key: str, values: list[str], right: str, config: Path
) -> None:
    """One sentence names the key and what would be right, and the file stays as it was."""
    write(config, "# mine\n")
    done = run("config", "set", "--", key, *values)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert key.partition(".")[0] in done.err
    assert right in done.err
    assert config.read_text() == "# mine\n"


def test_a_number_of_the_file_takes_no_coin(config: Path) -> None:
    """A share written without quotes is refused one as any other value of one piece is."""
    write(config, "[profiles.default]\nmax_price_deviation = 0.05\n")
    done = run("config", "set", "max_price_deviation.mxn", "0.1")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "max_price_deviation takes one value" in done.err


# Which server, which token


def test_a_profile_brings_server_and_token(config: Path, tmp_path: Path) -> None:
    """The named profile says both, whatever the environment says."""
    file = secret(tmp_path / "token", "of-the-profile")
    write(config, f"[profiles.a]\nbase_url = '{HERE}'\ntoken_file = '{file}'")
    environ = {"COINBTR_TOKEN": "of-the-shell", "COINBTR_BASE_URL": "https://shell.example"}
    place = places._choose(Where(profile="a"), settings.load(), environ, public=False)
    assert (place.base_url, place.token) == (HERE, "of-the-profile")


def test_the_token_of_a_profile_never_goes_to_another_server(config: Path, tmp_path: Path) -> None:
    """With another server named, neither the profile's token nor its leave to withdraw is used."""
    file = secret(tmp_path / "token", "of-the-profile")
    write(
        config,
        f"[profiles.default]\nenvironment = 'live'\ntoken_file = '{file}'\n"
        "allow_withdrawals = true",
    )
    for where, environ in (
        (Where(base_url=HERE), {"COINBTR_TOKEN": "of-the-shell"}),
        (Where(), {"COINBTR_TOKEN": "of-the-shell", "COINBTR_BASE_URL": HERE}),
    ):
        place = places._choose(where, settings.load(), environ, public=False)
        assert (place.base_url, place.token) == (HERE, "of-the-shell")
        assert not place.guards().allow_withdrawals
    with pytest.raises(ConfigurationError, match="needs a token"):
        places._choose(Where(base_url=HERE), settings.load(), {}, public=False)


def test_a_profile_and_another_server_contradict_each_other(config: Path) -> None:
    """Both named is wrong use: one of them was not meant."""
    write(config, "[profiles.live]\nenvironment = 'live'")
    done = run("books", "--profile", "live", "--base-url", HERE)
    assert done.status == 2
    assert "live" in done.err


def test_without_any_naming_there_is_public_data_only(config: Path) -> None:
    """A token in the environment goes nowhere until somebody says where."""
    environ = {"COINBTR_TOKEN": "of-the-shell"}
    place = places._choose(Where(), settings.load(), environ, public=True)
    assert (place.base_url, place.token) == (LIVE, None)
    with pytest.raises(ConfigurationError, match="name the exchange"):
        places._choose(Where(), settings.load(), environ, public=False)


# Where tokens are kept


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_token_file_that_others_can_read_is_refused(
    mode: int, at_sandbox: None, tmp_path: Path
) -> None:
    """Any bit for group or others is one too many; the sentence says what to type."""
    done = run("balances", "--token-file", str(secret(tmp_path / "token", "s3cret", mode)))
    assert done.status == 2
    assert "chmod 600" in done.err
    assert "s3cret" not in done.err


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"two words"])
def test_a_token_file_without_a_token_is_refused(
    content: bytes, at_sandbox: None, tmp_path: Path
) -> None:
    """An empty file, bytes that are no text, several words: a sentence, and never the content."""
    path = secret(tmp_path / "token", "")
    path.write_bytes(content)
    done = run("balances", "--token-file", str(path))
    assert done.status == 2
    assert "two words" not in done.err


def test_a_token_file_works(
    at_sandbox: None, server: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that only its owner reads is taken, before the environment's token."""
    monkeypatch.setenv("COINBTR_TOKEN", "another")
    file = secret(tmp_path / "token", server.sandbox.token)
    assert run("balances", "--token-file", str(file)).status == 0


def test_config_token_stores_it_for_its_owner(
    config: Path, server: SandboxServer, tmp_path: Path
) -> None:
    """From stdin into a file of 0600; the configuration file names the file, not the token."""
    run("config", "set", "base_url", server.base_url)
    old = os.umask(0)
    try:
        done = run("config", "token", stdin=f"{server.sandbox.token}\n")
    finally:
        os.umask(old)
    assert done.status == 0
    (file,) = config.parent.glob("tokens/*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert server.sandbox.token not in config.read_text() + done.out + done.err
    assert run("balances").status == 0
    assert run("config", "token", stdin="Token abc\n").status == 2


def test_the_keyring(config: Path, server: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """--keyring puts it there, and commands take it from there."""
    import keyring
    from keyring.backend import KeyringBackend

    class InMemory(KeyringBackend):
        priority = 1.0  # pyright: ignore[reportAssignmentType]
        kept: ClassVar[dict[tuple[str, str], str]] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[service, username]

    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())  # type: ignore[no-untyped-call]
    try:
        run("config", "set", "--profile", "kept", "base_url", server.base_url)
        assert "config token" in run("balances", "--profile", "kept").err
        done = run("config", "token", "-p", "kept", "--keyring", stdin=f"{server.sandbox.token}\n")
        assert done.status == 0
        assert run("balances", "--profile", "kept").status == 0
        InMemory.kept.clear()
        assert run("balances", "--profile", "kept").status == 2
    finally:
        keyring.set_keyring(before)


def test_a_keyring_that_keeps_nothing_is_told_of(
    config: Path, server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backend that forgets, and one that isn't there: a sentence, status 2, no token in it."""
    import keyring
    from keyring.backends.null import Keyring as Forgetful

    before, token = keyring.get_keyring(), server.sandbox.token
    keyring.set_keyring(Forgetful())  # type: ignore[no-untyped-call]
    try:
        done = run("config", "token", "--keyring", stdin=f"{token}\n")
        assert (done.status, done.out) == (2, "")
        assert "did not keep the token" in done.err
        assert not config.exists()

        def broken(*words: str) -> str:
            raise OSError(f"no ring for {words}")

        monkeypatch.setattr(keyring, "set_password", broken)
        done = run("config", "token", "--keyring", stdin=f"{token}\n")
        assert done.status == 2
        assert "takes no token: OSError" in done.err
        assert token not in done.err
        monkeypatch.setattr(keyring, "get_password", broken)
        write(config, f"[profiles.default]\nbase_url = '{server.base_url}'\nkeyring = true")
        done = run("balances")
        assert done.status == 2
        assert "can't be read: no ring for" in done.err
    finally:
        keyring.set_keyring(before)


def test_without_the_extra_the_keyring_says_what_to_install(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence names the extra."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    write(config, f"[profiles.default]\nbase_url = '{HERE}'\nkeyring = true")
    done = run("balances")
    assert done.status == 2
    assert "coinbtr[keyring]" in done.err
