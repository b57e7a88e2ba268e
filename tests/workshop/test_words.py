"""The repository speaks of the product only: no machine's folders, no registry's hosts."""

import re
import subprocess
from pathlib import Path

# Written in pieces, so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"work/",
            r"/" + r"tmp/team",
            r"\.\./" + r"shared",
            r"/opt/" + r"(?:pypi|wheels)",
            r"pypi\." + r"org",
            r"python" + r"hosted\.org",
            r"registry\." + r"npmjs",
            r"(?i:\bissue " + r"#?\d)",
        ]
    )
)


def test_no_word_of_a_machine_or_a_registry(repository: Path) -> None:
    """No tracked text names a folder of some machine, or a host that packages come from."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=repository, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name in listed
        if name and (repository / name).is_file()
        for number, line in enumerate(
            (repository / name).read_text(encoding="utf-8", errors="replace").splitlines(), 1
        )
        if FORBIDDEN.search(line)
    ]
    assert len(listed) > 50
    assert found == []
