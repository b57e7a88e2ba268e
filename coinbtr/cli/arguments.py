"""The arguments and options that several commands have."""

from typing import Annotated

import typer

Book = Annotated[
    str | None,
    typer.Argument(
        metavar="[BOOK]",
        help="A book such as btc-mxn or BTC/MXN; by default the profile's.",
        show_default=False,
    ),
]
OnlyBook = Annotated[
    str | None, typer.Argument(metavar="[BOOK]", help="Only this book.", show_default=False)
]
Coin = Annotated[
    str, typer.Argument(metavar="COIN", help="A coin such as btc.", show_default=False)
]
OnlyCoin = Annotated[
    str | None, typer.Argument(metavar="[COIN]", help="Only this coin.", show_default=False)
]
OrderId = Annotated[int, typer.Argument(metavar="ID", help="The order's id.", show_default=False)]
TransactionId = Annotated[
    int, typer.Argument(metavar="ID", help="The transaction's id.", show_default=False)
]
Limit = Annotated[
    int, typer.Option("--limit", "-l", help="How many of the newest, 1 to 100.", min=1, max=100)
]
Offset = Annotated[int, typer.Option(help="How many of the newest to skip.", min=0, max=100_000)]
All = Annotated[bool, typer.Option("--all", "-a", help="All, however many; not --limit.")]
Amount = Annotated[str, typer.Option(help="How much, in coins, exact.", show_default=False)]
Price = Annotated[
    str, typer.Option(help="Price of one coin, in the book's second coin.", show_default=False)
]
