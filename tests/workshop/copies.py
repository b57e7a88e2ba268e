"""A throw-away copy of the repository, in which a change is tried for real."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from attrs import frozen

BLOCK = re.compile(
    r"(?:`([\w/.]+\.(?:py|yaml))`[^`\n]*:\n\n)?```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@frozen
class Copy:
    """A copy of what git knows or would know, with a history of one commit."""

    root: Path

    @classmethod
    def of(cls, repository: Path, root: Path) -> "Copy":
        """Make it; tools and libraries are those of the original."""
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=repository, check=True, capture_output=True, text=True)
        for name in filter(None, names.stdout.split("\0")):
            if (repository / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(repository / name, root / name)
        for modules in ("openapi/lint/node_modules", "scripts/page/node_modules"):
            if (repository / modules).is_dir():
                (root / modules).symlink_to(repository / modules)
        copy = cls(root)
        copy.commit()
        return copy

    def commit(self) -> None:
        """Let git know what there is now."""
        said = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.invalid"]
        for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "As it was"]):
            subprocess.run(["git", *command], cwd=self.root, env={**os.environ, **said}, check=True)

    def python(self, *arguments: str, shown: bool = False) -> subprocess.CompletedProcess[str]:
        """Run the copy's own code, not that of the repository; what it says is kept, or shown."""
        path = os.pathsep.join(str(self.root / name) for name in (".", "generated"))
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            # A copy's lines are not what the coverage of this repository counts.
            env={k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
            | {"PYTHONPATH": path},
            capture_output=not shown,
            text=True,
            check=False,
        )

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace one text by another; it must be there once."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {text.count(old)} times:\n{old}"
        (self.root / file).write_text(text.replace(old, new), encoding="utf-8")

    def follow(self, page: str) -> int:
        """Make the edits of a page's diff blocks, each in the file named last; gives how many."""
        file, count = "", 0
        for match in BLOCK.finditer((self.root / page).read_text(encoding="utf-8")):
            file = match[1] or file
            lines = match[2].splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if not line.startswith("+"))
            new = "".join(line[1:] for line in lines if not line.startswith("-"))
            self.edit(file, old, new)
            count += 1
        return count
