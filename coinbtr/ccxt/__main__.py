"""`python -m coinbtr.ccxt MODULE …`: run a program, such as freqtrade, that then knows us."""

import runpy
import sys

import coinbtr.ccxt as _registers  # noqa: F401


def main() -> None:
    """Run the module that is named first as `python -m` would, with the arguments after it."""
    if len(sys.argv) < 2:
        sys.exit("usage: python -m coinbtr.ccxt MODULE [ARGUMENT]…, such as freqtrade trade …")
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
