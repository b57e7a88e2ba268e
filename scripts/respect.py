"""`make workflows`: run the Arazzo workflows against a sandbox of their own, on this machine.

Never against another server: the workflows place orders and withdraw.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.server import SandboxServer
from scripts.linting import node, tool

ROOT: Final = Path(__file__).parent.parent
WORKFLOWS: Final = Path("openapi/workflows.arazzo.yaml")


def start(server: SandboxServer, *options: str) -> subprocess.Popen[str]:
    """Run the workflows against a sandbox that is served, in a process of its own."""
    sandbox = server.sandbox
    return node(
        *(tool("redocly"), "respect", str(WORKFLOWS)),
        *("--server", f"exchange={server.base_url}"),
        *("--server", f"sandbox={server.address}/_sandbox"),
        *("--input", f"token={sandbox.token}", "--input", f"secret={sandbox.control_secret}"),
        *options,
        folder=ROOT,
    )


def results(server: SandboxServer, *options: str) -> dict[str, bool]:
    """Run the workflows, and tell of each whether it passed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "results.json"
        done = start(server, "--json-output", str(file), *options)
        said, failed = done.communicate()
        if not file.is_file():
            raise RuntimeError(f"no workflow was run: {failed or said}")
        report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    (of_file,) = report["files"].values()
    return {one["workflowId"]: one["status"] == "success" for one in of_file["executedWorkflows"]}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(prog="respect", description=__doc__)
    parser.add_argument("workflow", nargs="*", help="only these")
    options = parser.parse_args(arguments)
    chosen = [part for name in options.workflow for part in ("--workflow", name)]
    with SandboxServer(Sandbox()) as server:
        done = start(server, *chosen)
        said, failed = done.communicate()
    print(said, failed, sep="\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
