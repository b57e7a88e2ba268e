"""The command `coinbtr`; without its extra it says in one sentence what to install."""

import io
import sys


def main() -> None:
    """Run the command with the arguments of the process."""
    try:
        if sys.argv[1:2] == ["sandbox"]:  # a server should be there at once
            from coinbtr.cli.sandbox import alone as app
        else:
            from coinbtr.cli.app import app
        from coinbtr.cli.root import open_streams
    except KeyboardInterrupt:
        sys.exit(130)
    except ModuleNotFoundError as missing:
        if missing.name not in ("typer", "rich", "click"):
            raise
        sys.exit("The command coinbtr needs some more packages: pip install 'coinbtr[cli]'")
    open_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that the terminal can't show must not end a command that has sent something.
        sys.stdout.reconfigure(errors="backslashreplace")
    app()
