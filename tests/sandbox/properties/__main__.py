"""`python -m tests.sandbox.properties [STEPS]`: the properties over a great many steps."""

import argparse
import sys
import time

from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sandbox.properties.machine import SETTINGS, Exchanging

EXAMPLES = 20
COMMANDS = 100


def main() -> int:
    """Run until so many steps are made, and say how far it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", nargs="?", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began, number = time.monotonic(), given.seed
    while Exchanging.steps < given.steps:
        # What a seed finds it finds again; Hypothesis shrinks it and prints how to repeat it.
        run_state_machine_as_test(
            seed(number)(type("Exchanging", (Exchanging,), {})),
            settings=settings(
                SETTINGS,
                max_examples=EXAMPLES,
                stateful_step_count=COMMANDS,
                phases=(Phase.generate, Phase.shrink),
            ),
        )
        number += 1
        took = time.monotonic() - began
        print(f"{Exchanging.steps:8,} of {given.steps:,} steps, {took:.0f} s", flush=True)
    print(f"All properties held over {Exchanging.steps:,} steps.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
