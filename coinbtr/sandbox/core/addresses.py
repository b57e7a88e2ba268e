"""Addresses that the sandbox hands out, one for each account and coin.

They are valid on test networks only, so that nobody sends real money to the sandbox.
"""

from base64 import b32encode
from binascii import crc_hqx
from functools import lru_cache
from hashlib import sha256
from typing import Final

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_TEST_VERSIONS: Final = {
    "BTC": b"\xc4",
    "LTC": b"\x3a",
    "BCH": b"\xc4",
    "DASH": b"\x8c",
    "ZEC": b"\x1d\x25",
}


@lru_cache(4096)  # each list of balances names them all
def sandbox_address(coin: str, secret: str) -> str:
    """Make the address that belongs to `secret`, always the same, with right checksums."""
    digest = sha256(f"{secret}/{coin}".encode()).digest()
    if coin == "MXN":
        # Bank 999 is given to nobody.
        digits = "999" + str(int.from_bytes(digest) % 10**14).zfill(14)
        return digits + clabe_digit(digits)
    if coin == "XLM":
        return b32encode(with_crc(b"\x30" + digest)).decode()
    if coin == "XEM":
        return "T" + b32encode(digest).decode()[:39]
    return _base58_check(_TEST_VERSIONS[coin] + digest[:20])


def with_crc(payload: bytes) -> bytes:
    """Put the checksum of a Stellar address behind it."""
    return payload + crc_hqx(payload, 0).to_bytes(2, "little")


def clabe_digit(digits: str) -> str:
    """Tell the last digit of a CLABE number, which checks the others."""
    weighted = (int(digit) * (3, 7, 1)[place % 3] % 10 for place, digit in enumerate(digits))
    return str(-sum(weighted) % 10)


def _base58_check(payload: bytes) -> str:
    """Write bytes that don't begin with a zero in base 58, their checksum behind them.

    The library that `address_forms` checks it by would be a sixteenth of a server's start.
    """
    checksum = sha256(sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(payload + checksum), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return text
