"""What is wrong with the description: file, line, and what to write. Two linters, at the same time.

`make generate` asks before it writes anything; `make lint` runs the same linters, and slower ones.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from scripts.generator.pins import GenerationError

_HERE: Final = Path(__file__).parent.parent / "openapi/lint"
_BIN: Final = _HERE / "node_modules/.bin"
_SHOWN: Final = 20

# What both see, Redocly tells in better words.
_TOLD_BY_REDOCLY: Final = {
    *("invalid-ref", "oas3-schema", "oas3-unused-component", "oas3-valid-media-example"),
}

# They call nobody, and say nothing of newer versions.
QUIET: Final = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def tool(name: str) -> Path:
    """A tool of openapi/lint.

    Raises:
        GenerationError: it isn't installed; the message says how to.
    """
    found = _BIN / name
    if not found.exists():
        raise GenerationError(f"{name} is not installed: run `npm ci --prefix openapi/lint`")
    return found


def node(*command: str | Path, folder: Path) -> subprocess.Popen[str]:
    """Start a tool of openapi/lint."""
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **QUIET},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def require_sound(description: Path, root: Path) -> None:
    """Stop at a description that isn't valid, or not as the house has it.

    Raises:
        GenerationError: each problem on a line: file, line, what to write.
    """
    found = problems(description, root)
    if found:
        more = len(found) - _SHOWN
        lines = found[:_SHOWN] + ([f"and {more} more"] if more > 0 else [])
        raise GenerationError("\n".join([*lines, "nothing was generated"]))


def problems(description: Path, root: Path) -> list[str]:
    """What is wrong: file, line, what to write.

    Raises:
        GenerationError: it is no YAML at all, or a linter failed.
    """
    try:
        yaml.safe_load((root / description).read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise GenerationError(f"{description}:{line}: no YAML: {error.problem}") from None
    found = sorted(set(_problems(description, root)))
    return [f"{description}:{line}: {text}" for line, text in found]


def _problems(description: Path, root: Path) -> Iterator[tuple[int, str]]:
    redocly = node(
        *(tool("redocly"), "lint", description, "--config", _HERE / "redocly.yaml"),
        *("--format", "json", "--max-problems", "1000"),
        folder=root,
    )
    spectral = node(
        *(tool("spectral"), "lint", description, "--ruleset", _HERE / "coinbtr.spectral.yaml"),
        *("--format", "json", "--quiet"),
        folder=root,
    )
    for problem in answer(redocly)["problems"]:
        place = problem["location"][0]
        start = place.get("start") or place
        yield start.get("line", 1), _of_redocly(problem)
    for problem in answer(spectral):
        if problem["code"] in _TOLD_BY_REDOCLY:
            continue
        where = ".".join(str(step) for step in problem["path"])
        line = problem["range"]["start"]["line"] + 1
        yield line, f"{where}: {problem['message']} [{problem['code']}]"


def _of_redocly(problem: dict[str, Any]) -> str:
    text = " ".join(str(problem["message"]).split())
    if problem.get("suggest"):
        text += f" Write {' or '.join(problem['suggest'])}."
    where = problem["location"][0].get("pointer", "").removeprefix("#/").replace("/", ".")
    return f"{where.replace('~1', '/')}: {text} [{problem['ruleId']}]"


def answer(process: subprocess.Popen[str]) -> Any:
    """What a tool says in JSON.

    Raises:
        GenerationError: it says something else.
    """
    said, failed = process.communicate()
    try:
        return json.loads(said)
    except ValueError:
        raise GenerationError(f"a linter failed: {failed or said}") from None
