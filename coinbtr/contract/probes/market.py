"""The public market data of every book, and whether its parts agree with each other."""

from typing import Any

from coinbtr.contract.bench import Bench

_MOST_BOOKS = 4


def run(bench: Bench) -> None:
    """Look at each book in all ways, and ask for some that aren't there."""
    coins = {entry["coin"] for entry in bench.need("getCurrencies").data}
    listed = bench.need("listBooks")
    for book in listed.data:
        if not set(book["name"].split("-")) <= coins:
            bench.find("C147", listed, f"{book['name']} trades a coin that isn't a currency.")
    for book in listed.data[:_MOST_BOOKS]:
        _one(bench, book)
    for operation in ("getOrderBook", "getTicker", "get24hVolume"):
        reply = bench.ask(operation, {"market": "nil-nil"})
        bench.refused(reply, 404, ("book_not_found",))
    for operation in ("getBalance", "getDepositAddress"):
        reply = bench.ask(operation, {"coin": "nil"})
        bench.refused(reply, 404, ("coin_not_found",))
    for operation, code in (("getOpenOrder", "order"), ("getTransaction", "transaction")):
        reply = bench.ask(operation, {"id": 9007199254740991})
        bench.refused(reply, 404, (f"{code}_not_found",))


def _one(bench: Bench, book: dict[str, Any]) -> None:
    market = book["name"]
    whole = bench.need("getOrderBook", {"market": market, "limit": 1000})
    top = bench.need("getOrderBook", {"market": market, "limit": 2})
    for side in ("asks", "bids"):
        if top.data[side] != whole.data[side][:2]:
            bench.find("C701", top, f"The {side} aren't the two best of the whole book.")
        for level in whole.data[side]:
            if level["price"] % book["price_step"]:
                bench.find("C409", whole, f"{level['price']} is no multiple of the price step.")
                break
    ticker = bench.need("getTicker", {"market": market})
    for name, side in (("ask", "asks"), ("bid", "bids")):
        best = whole.data[side][0]["price"] if whole.data[side] else None
        if ticker.data[name] != best:
            bench.find("C604", ticker, f"{name} is {ticker.data[name]}, the book says {best}.")
    volume = bench.need("get24hVolume", {"market": market})
    if volume.data["volume"] != ticker.data["volume"]:
        bench.find("C605", ticker, f"volume is not {volume.data['volume']}, as get24hvolume says.")
    low, high = ticker.data["low"], ticker.data["high"]
    amount, value = volume.data["volume"], volume.data["value"]
    if low is not None and high is not None and not low * amount <= value <= high * amount:
        bench.find("C605", volume, f"value is not between volume × {low} and volume × {high}.")
