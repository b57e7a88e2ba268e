"""What a user is told where an extra isn't installed."""

import subprocess
import sys


def told_without(package: str, statement: str) -> str:
    """The ConfigurationError of a statement, in an interpreter that has no such package."""
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "import coinbtr\n"
        f"try: {statement}\n"
        "except coinbtr.ConfigurationError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout
