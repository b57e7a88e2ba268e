"""The worked example of CONTRIBUTING.md is followed, word by word, in a copy of the repository."""

import os
import re
import shlex
from pathlib import Path

import pytest

from scripts import new_operation
from scripts.places import stale
from tests.workshop.copies import Copy

# What has something to say of every operation, and is soon done; `make worked-example` runs all.
QUICK = (
    "tests/workshop/test_places.py::test_nothing_needs_a_hand",
    *(f"tests/description/test_{name}.py" for name in ("audit", "completeness", "provenance")),
    *("tests/sandbox/test_description_served.py", "tests/facade/test_twins.py"),
    *("tests/cli/test_operations.py", "tests/generated/test_operations.py"),
)


def arguments(repository: Path) -> list[str]:
    """What the example's command gives, as options."""
    page = (repository / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [line] = re.findall(r"^\$ make new-operation (.+)$", page, re.MULTILINE)
    pairs = [word.split("=") for word in shlex.split(line)]
    return [part for name, value in pairs for part in (f"--{name.lower()}", value)]


@pytest.mark.timeout(3600)
def test_the_worked_example_adds_an_operation(repository: Path, tmp_path: Path) -> None:
    """Begun it is not done; finished as the page says, nothing needs a hand and tests pass."""
    copy = Copy.of(repository, tmp_path)
    begun = copy.python("-m", "scripts.new_operation", *arguments(repository))
    assert begun.returncode == 0, begun.stderr
    unfinished = [place for place in stale(copy.root) if "finish getBook" in place.todo]
    files = {place.file for place in unfinished}
    assert files >= {
        "coinbtr/_async/market.py",
        "coinbtr/cli/market.py",
        "coinbtr/contract/model/answers.py",
        "coinbtr/sandbox/handlers/market.py",
        "openapi/coinbtr.yaml",
    }
    refused = copy.python("-m", "scripts.generate")
    assert refused.returncode == 1, "an example that isn't one is no description"
    assert "openapi/coinbtr.yaml:" in refused.stderr

    assert copy.follow("CONTRIBUTING.md") > 10
    generated = copy.python("-m", "scripts.generate")
    assert generated.returncode == 0, generated.stderr
    assert "compatible: path `/market/getbook` with `getBook` was added." in generated.stdout
    assert copy.python("-m", "tests.description.boundaries").returncode == 0
    assert [str(place) for place in stale(copy.root)] == []
    assert copy.python("-m", "scripts.generate", "--check").returncode == 0

    # All of them, in so many processes.
    workers = os.environ.get("COINBTR_WORKED_EXAMPLE")
    # This test itself would make a copy of the copy.
    others = ("--ignore", "tests/workshop/test_new_operation.py", "--dist", "worksteal")
    chosen = (*others, "-n", workers) if workers else QUICK
    suite = ("-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen)
    done = copy.python(*suite, shown=bool(workers))
    assert done.returncode == 0, f"{done.stdout or ''}{done.stderr or ''}"[-5_000:]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((), "ID is missing"),
        (("--id", "getTicker"), "there is such an operation"),
        (("--id", "get Ticker"), "operationId, such as getBook"),
        (("--id", "getX", "--method", "PUT"), "GET or POST"),
        (("--id", "getX", "--method", "GET", "--at", "/market/gettiker"), "there is such a path"),
        (("--id", "getX", "--method", "GET", "--at", "/other/x"), "one of account, market"),
        (
            (
                *("--id", "getX", "--method", "GET", "--at", "/market/x"),
                *("--answer", "Book", "--takes", "Colour"),
            ),
            "components.parameters has no such entry",
        ),
        (
            ("--id", "getBook", "--method", "GET", "--at", "/market/x", "--answer", "Book"),
            "choose another NAME",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_told(
    repository: Path, given: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is there to ask: a sentence, status 2, and nothing is written."""
    before = (repository / "openapi/coinbtr.yaml").read_bytes()
    assert new_operation.main([*given, "--root", str(repository)]) == 2
    assert says in capsys.readouterr().err
    assert (repository / "openapi/coinbtr.yaml").read_bytes() == before


@pytest.mark.parametrize("method", ["GET", "get", "Get"])
def test_a_method_in_any_case_is_that_method(repository: Path, method: str) -> None:
    """What is begun has it in capitals, as the description's readers expect."""
    given = ("--id", "getFees", "--at", "/market/getfees", "--answer", "Fees", "--takes", "Market")
    operation = new_operation.asked_for([*given, "--method", method], repository)
    assert operation.method == "GET"
    assert operation.takes == ("Market",), "a parameter: looked up as that of a GET"


def test_a_person_is_asked(monkeypatch: pytest.MonkeyPatch, repository: Path) -> None:
    """At a terminal, for whatever was not given; Enter takes what is proposed."""
    typed = iter(["getFees", "GET", "/market/getfees", "", "Fees", "", "", "", ""])
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return next(typed)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    operation = new_operation.asked_for([], repository)
    assert (operation.id, operation.tag, operation.name) == ("getFees", "market", "fees")
    assert (operation.answer, operation.effect, operation.takes) == ("Fees", "read", ())
    assert len(asked) == 9
