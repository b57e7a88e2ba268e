"""`coinbtr config`: shows and changes the configuration file, and stores tokens beside it."""

import sys
from typing import Annotated

import typer

config = typer.Typer(
    help="Profiles: which exchange, with which token and limits.", no_args_is_help=True
)

ProfileName = Annotated[
    str | None,
    typer.Option("--profile", "-p", help="By default the default profile.", show_default=False),
]


def _keys() -> list[str]:
    from coinbtr.cli.settings import EXPECTED

    return ["default_profile", *EXPECTED]


Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        help="Such as base_url, book or max_order_value.mxn.",
        autocompletion=_keys,
        show_default=False,
    ),
]


@config.command("path", epilog="Examples:\n\n  $ coinbtr config path")
def path() -> None:
    """Where the configuration file is."""
    from coinbtr.cli.settings import settings_path

    typer.echo(settings_path())


@config.command("show", epilog="Examples:\n\n  $ coinbtr config show")
def show() -> None:
    """What the configuration file says, once it is known to be valid."""
    from coinbtr.cli.reporting import reported, say
    from coinbtr.cli.settings import load

    with reported("config show"):
        settings = load()
        if settings.path.exists():
            typer.echo(settings.path.read_text(encoding="utf-8").rstrip("\n"))
        else:
            say(f"There is no {settings.path} yet; coinbtr config set makes it.")


@config.command(
    "set",
    epilog="Examples:\n\n  $ coinbtr config set base_url http://127.0.0.1:8642/api/v1\n\n"
    "  $ coinbtr config set --profile live environment live\n\n"
    "  $ coinbtr config set max_order_value.mxn 50000\n\n"
    "  $ ADDRESS=2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG\n\n"
    "  $ coinbtr config set withdrawal_addresses.btc $ADDRESS\n\n"
    "  $ coinbtr config set default_profile live",
)
def set_(
    key: Key,
    values: Annotated[
        list[str], typer.Argument(metavar="VALUE...", help="The value; several for a list.")
    ],
    *,
    profile: ProfileName = None,
) -> None:
    """Set a key of a profile, or the default profile; comments in the file stay."""
    from coinbtr.cli import editing
    from coinbtr.cli.reporting import reported

    with reported("config set"):
        editing.set_key(profile, key, values)


@config.command("unset", epilog="Examples:\n\n  $ coinbtr config unset max_order_value.mxn")
def unset(key: Key, *, profile: ProfileName = None) -> None:
    """Remove a key of a profile."""
    from coinbtr.cli import editing
    from coinbtr.cli.reporting import reported

    with reported("config unset"):
        editing.unset_key(profile, key)


@config.command("token", epilog="Examples:\n\n  $ coinbtr config token --profile live --keyring")
def token(
    *,
    profile: ProfileName = None,
    keyring: Annotated[
        bool, typer.Option("--keyring", help="Into the system's keyring, not a file.")
    ] = False,
) -> None:
    """Ask for a profile's token, or read it from stdin, and store it where only you can read it."""
    from coinbtr.cli import editing
    from coinbtr.cli.reporting import reported

    with reported("config token"):
        if sys.stdin.isatty():
            given = typer.prompt("API token", hide_input=True, err=True)
        else:
            given = sys.stdin.readline().strip()
        editing.store_token(profile, given, in_keyring=keyring)
