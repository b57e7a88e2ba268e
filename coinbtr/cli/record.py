"""`coinbtr record URL`: records a session through a proxy on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from coinbtr.cli.reporting import last_word
from coinbtr.cli.stopping import stop_event

EXAMPLES = ("coinbtr record http://127.0.0.1:8642/api/v1 --out session.jsonl",)


def record(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="Base URL of the server, such as https://coinbtr.com/api/v1.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="The file to write; it must not exist yet.", show_default=False)
    ],
    port: Annotated[
        int, typer.Option(help="TCP port on 127.0.0.1; 0 takes a free one.", min=0, max=65535)
    ] = 8643,
) -> None:
    """Record what goes to a server and back, with secrets removed.

    Give your program the address that is printed as its base URL. Tokens, e-mail addresses, user
    names and unknown texts are not recorded; addresses, txids and ids become pseudonyms; amounts
    stay. Nothing is sent but what your program sends, once. Ctrl-C ends it.

    Exit status: 0 recorded, 1 the recording is incomplete, 2 wrong use.
    """
    from coinbtr.config import checked_url
    from coinbtr.errors import ConfigurationError
    from coinbtr.recording import Recorder
    from coinbtr.recording.proxy import RecordingProxy
    from coinbtr.wire.httpx_engine import HttpxEngine

    try:
        target = checked_url(url, "URL")
        recorder = Recorder(out, target)
    except ConfigurationError as error:
        typer.echo(f"coinbtr record: {error}", err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"coinbtr record: --out {out}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    engine = HttpxEngine()
    with recorder:
        try:
            proxy = RecordingProxy(target, engine, recorder, port=port)
        except OSError as error:
            out.unlink()
            typer.echo(f"coinbtr record: cannot listen on port {port}: {error.strerror}", err=True)
            raise typer.Exit(2) from None
        with proxy:
            stop = stop_event()
            try:
                typer.echo(
                    f"Base URL:  {proxy.base_url}\nServer:    {target}\nRecording: {out}\n"
                    "Ctrl-C ends it."
                )
            except OSError:
                out.unlink()  # nobody was told the address: nothing is in it
                raise
            stop.wait()
    engine.close()
    last_word(f"Recorded {recorder.count} requests in {out}.")
    if recorder.problem is not None:
        typer.echo(f"coinbtr record: {recorder.problem}", err=True)
        raise typer.Exit(1)
