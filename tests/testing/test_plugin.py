"""The pytest plugin, in runs of their own: its fixtures, its options, and what it costs."""

import pytest

pytest_plugins = ["pytester"]

WORKS = """
    import json
    import urllib.request


    def test_in_process(coinbtr_sandbox):
        coinbtr_sandbox.credit("mxn", "5")
        with coinbtr_sandbox.client() as client:
            assert client.wallet.balance("mxn").available == 1_000_005


    def test_each_test_has_its_own(coinbtr_sandbox):
        assert coinbtr_sandbox.balances()["MXN"].available == 1_000_000
        before = coinbtr_sandbox.clock.now_ms()
        coinbtr_sandbox.advance(60)
        assert coinbtr_sandbox.clock.now_ms() == before + 60_000


    def test_on_a_port(coinbtr_sandbox_server):
        request = urllib.request.Request(
            coinbtr_sandbox_server.base_url + "/wallet/getbalance?coin=btc",
            headers={"Authorization": f"Token {coinbtr_sandbox_server.sandbox.token}"},
        )
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["data"]["coin"] == "BTC"
"""


def test_the_fixtures_work_without_an_import(pytester: pytest.Pytester) -> None:
    """A fresh exchange for each test, in process or on a port; warnings are errors here."""
    pytester.makepyfile(WORKS)
    result = pytester.runpytest_subprocess("--strict-markers", "-W", "error")
    result.assert_outcomes(passed=3)


def test_options_come_from_ini_and_markers(pytester: pytest.Pytester) -> None:
    """The ini file names a seed, a marker any option, and the nearest marker wins."""
    pytester.makeini("[pytest]\ncoinbtr_sandbox_seed = 5\n")
    pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.coinbtr_sandbox(token="of-the-module", live=True)


        def test_ini(coinbtr_sandbox):
            assert coinbtr_sandbox.exchange.seed == 5
            assert coinbtr_sandbox.token == "of-the-module"
            assert coinbtr_sandbox.overview().live


        @pytest.mark.coinbtr_sandbox(seed=7, live=False)
        def test_marker(coinbtr_sandbox, coinbtr_sandbox_server):
            for sandbox in (coinbtr_sandbox, coinbtr_sandbox_server.sandbox):
                assert sandbox.exchange.seed == 7
                assert sandbox.token == "of-the-module"
                assert not sandbox.overview().live
        """
    )
    pytester.runpytest_subprocess("--strict-markers").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "words"),
    [("seeed=7", "*no option 'seeed'*seed*"), ("7", "*by name only*")],
)
def test_a_wrong_option_is_explained(pytester: pytest.Pytester, marker: str, words: str) -> None:
    """With the options that there are."""
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.mark.coinbtr_sandbox({marker})
        def test_marker(coinbtr_sandbox):
            pass
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([words])


def test_a_run_that_does_not_use_it_does_not_load_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the package nor anything that it needs: the plugin is one small module."""
    pytester.makepyfile(
        """
        import sys


        def test_nothing_is_there():
            assert "coinbtr_pytest" in sys.modules
            for name in ("coinbtr", "coinbtr_api", "httpx", "jsonschema_rs", "yaml", "uvicorn"):
                assert name not in sys.modules, name
        """
    )
    # Other plugins of this environment import some of these themselves.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.runpytest_subprocess("-p", "coinbtr_pytest").assert_outcomes(passed=1)


@pytest.mark.parametrize("absent", ["base58_bech32", "jsonschema_rs"])
def test_without_the_extra_it_is_silent_until_it_is_asked(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    """Other tests run; a fixture fails its test with one sentence that says what to install."""
    pytester.makeconftest(f"import sys\nsys.modules[{absent!r}] = None\n")
    pytester.makepyfile(
        """
        def test_other():
            pass

        def test_fixture(coinbtr_sandbox):
            pass

        def test_server(coinbtr_sandbox_server):
            pass
        """
    )
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    result = pytester.runpytest_subprocess("-p", "coinbtr_pytest")
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(["*pip install 'coinbtr?sandbox?'*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*import_module*")
