"""What is wrong with the description is told by file and line, with what to write."""

from pathlib import Path

import pytest

from scripts import generate, linting
from scripts.generator.pins import GenerationError

DESCRIPTION = Path("openapi/coinbtr.yaml")

# What breaks one rule, and what is said of it.
BROKEN = {
    "      summary: Get the ticker": ("      sumary: Get the ticker", "Write summary. [struct]"),
    "      x-provenance: {status: documented, lines: [\"74-76\"], rulings: [R007]}": (
        "      x-where: nobody knows",
        "does not say where it comes from: write x-provenance: {status: documented, lines:",
    ),
    "rulings: [R012, R030, R059]": ("rulings: [R999]", "rests on R999, which is not in x-rulings"),
    "x-effect: withdrawal": ("x-effect: transfer", "write read, order or withdrawal"),
    "      format: decimal\n      exclusiveMinimum": (
        "      exclusiveMinimum",
        'a number would become a float: write $ref: "#/components/schemas/Money"',
    ),
    "      description: A limit order.\n      type: object\n      additionalProperties: false\n": (
        "      description: A limit order.\n      type: object\n",
        "write additionalProperties: false",
    ),
    '{status: corrected, lines: ["251-253"], rulings: [R001, R025, R051]}': (
        "{status: corrected, rulings: [R001]}",
        "is corrected, so its x-provenance needs lines",
    ),
    "    confidence: certain\n  R004": (
        "    confidence: sure\n  R004",
        'must be equal to one of the allowed values: "certain"',
    ),
}  # fmt: skip


def test_each_problem_is_told_with_its_line(repository: Path, tmp_path: Path) -> None:
    """All at once: the file, the line that was broken, and what to write there."""
    text = (repository / DESCRIPTION).read_text(encoding="utf-8")
    for old, (new, _) in BROKEN.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (tmp_path / DESCRIPTION).parent.mkdir()
    (tmp_path / DESCRIPTION).write_text(text, encoding="utf-8")
    with pytest.raises(GenerationError) as stopped:
        linting.require_sound(DESCRIPTION, tmp_path)
    said = str(stopped.value).splitlines()
    lines = text.splitlines()
    for new, words in BROKEN.values():
        [problem] = [line for line in said if words in line]
        file, number, _ = problem.split(":", 2)
        assert file == str(DESCRIPTION)
        # The line that was broken, or that of the part that it belongs to, not far above.
        first = next(at for at, line in enumerate(lines, 1) if new.splitlines()[0] in line)
        assert first - 12 <= int(number) <= first + 2, problem
    assert said[-1] == "nothing was generated"


def test_what_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    """Before any linter is asked."""
    (tmp_path / "broken.yaml").write_text("openapi: 3.1.0\ninfo: {title: a: b}\n")
    with pytest.raises(GenerationError, match=r"^broken\.yaml:2: no YAML: "):
        linting.require_sound(Path("broken.yaml"), tmp_path)


def test_nothing_is_written_then(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make generate` ends with status 1, and the tree stays as it is."""
    (tmp_path / DESCRIPTION).parent.mkdir()
    (tmp_path / DESCRIPTION).write_text("openapi: 3.1.0\ninfo: [\n")
    assert generate.main(["--root", str(tmp_path)]) == 1
    assert "openapi/coinbtr.yaml:3: no YAML" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["openapi", "coinbtr.yaml"]


def test_no_more_than_ten_rules_are_switched_off(repository: Path) -> None:
    """Each with its reason beside it."""
    rules = [
        line
        for name in (".spectral.yaml", "coinbtr.spectral.yaml", "redocly.yaml")
        for line in (repository / "openapi/lint" / name).read_text(encoding="utf-8").splitlines()
        if ": off" in line
    ]
    assert 0 < len(rules) <= 10
    assert all(len(line.partition(": off # ")[2]) > 10 for line in rules)
