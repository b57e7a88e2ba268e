"""Addresses are told by coin, checksum included, on main and test networks."""

import pytest
from base58_bech32.bech32 import BECH32_1_CONST, BECH32_M_CONST, bech32_encode_bytes

from coinbtr.sandbox.core.addresses import is_address, sandbox_address
from coinbtr.sandbox.core.catalogue import CATALOGUE

# From the standards and the wallets' own documentation; nobody's in particular.
KNOWN = {
    "BTC": (
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
        "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG",
        "2NFfxvXpAWjKng7enFougtvtxxCJ2hQEMo4",
        "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ),
    "BCH": (
        "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu",
        "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
        "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
    ),
    "DASH": ("XpESxaUmonkq8RaLLp46Brx2K39ggQe226", "yaEod4u93m94pe94B9cdJK46NB28Gw9zoF"),
    "XLM": ("GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ",),
    "ZEC": (
        "t3Vz22vK5z2LcKEdg16Yv4FFneEL1zg9ojd",
        bech32_encode_bytes("ztestsapling", bytes(43), m=BECH32_1_CONST).decode(),
        bech32_encode_bytes("utest", bytes(64), m=BECH32_M_CONST).decode(),
    ),
}


# Each coin with each of its known addresses, and with one that the sandbox hands out.
PAIRS = [
    (coin, address)
    for coin, addresses in KNOWN.items()
    for address in (*addresses, sandbox_address(coin, "any"))
]


@pytest.mark.parametrize(("coin", "address"), PAIRS)
def test_real_addresses_are_taken(coin: str, address: str) -> None:
    """An address of a coin is one of its addresses, whichever network it is for."""
    assert is_address(coin, address)


@pytest.mark.parametrize("coin", CATALOGUE.coins)
def test_what_the_sandbox_hands_out_is_valid(coin: str) -> None:
    """An address that the sandbox made is one that the sandbox takes."""
    assert is_address(coin, sandbox_address(coin, "any"))


@pytest.mark.parametrize(("coin", "address"), [*PAIRS, ("MXN", sandbox_address("MXN", "any"))])
def test_a_slip_of_the_pen_is_noticed(coin: str, address: str) -> None:
    """With one letter or digit exchanged for another it is no address any more."""
    for place in (-1, -5, len(address) // 2):
        letter = address[place]
        others = "0123456789" if coin == "MXN" else "23456789acdefghjkmnpqrstuvwxyz"
        other = next(one for one in others if one != letter.lower())
        if letter.isupper():
            other = other.upper()
        wrong = address[:place] + other + (address[place:][1:])
        assert not is_address(coin, wrong), wrong


@pytest.mark.parametrize("coin", CATALOGUE.coins)
@pytest.mark.parametrize(
    "address", ["", "1", "x" * 30, "é" * 34, ":", "bc1", "0x52908400098527886E0"]
)
def test_nonsense_is_no_address(coin: str, address: str) -> None:
    """What is no address at all is told without an error."""
    assert not is_address(coin, address)


@pytest.mark.parametrize(
    ("coin", "address"),
    [
        ("LTC", "DLxcEt3AatMyr2NTatzjsfHNoB9NT62HiF"),
        ("BTC", "1Mrcdr6715hjda34pdXuLqXcju6qgwHA31"),
        ("BTC", "yaEod4u93m94pe94B9cdJK46NB28Gw9zoF"),
        ("DASH", "2N9JiEUYgRwKAw6FfnUca54VUeaSYSL9qqG"),
        ("LTC", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        # Version 1 needs the newer checksum, version 0 the older one.
        ("BTC", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd"),
        ("BTC", "bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqmu5u5v"),
    ],
)
def test_another_coin_s_address_is_refused(coin: str, address: str) -> None:
    """Right checksums don't help where coin, version or kind of checksum are wrong."""
    assert not is_address(coin, address)
