"""A served sandbox that waits to be killed: `python -m tests.sandbox.crash.server DB DURABILITY`.

With `--answer-first` it answers before it commits, as a careless server would: the control.
"""

import sys
import threading
import time

from coinbtr.sandbox import Sandbox
from coinbtr.sandbox.sequencer import Sequencer
from coinbtr.sandbox.server import SandboxServer

TOKENS = ("token-of-demo-for-the-crash-test", "token-of-other-for-the-crash-test")
COMMIT_SECONDS = 0.05


def answer_first() -> None:
    """Let answers go out at once, and commit a little later."""
    commit = Sequencer.commit
    sequencers: set[Sequencer] = set()

    def later(sequencer: Sequencer) -> None:
        sequencers.add(sequencer)

    def keep_committing() -> None:
        while True:
            time.sleep(COMMIT_SECONDS)
            for sequencer in list(sequencers):
                commit(sequencer)

    Sequencer.commit = later  # type: ignore[assignment, method-assign]  # the control
    threading.Thread(target=keep_committing, daemon=True).start()


def main() -> None:
    """Serve until the end."""
    _, db, durability, *rest = sys.argv
    if rest == ["--answer-first"]:
        answer_first()
    demo, other = TOKENS
    sandbox = Sandbox(token=demo, other_token=other, db=db, durability=durability)  # type: ignore[arg-type]  # checked there
    with SandboxServer(sandbox) as server:
        print(server.base_url, flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
