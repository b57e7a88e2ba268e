"""Addresses of coins: which ones a withdrawal takes, and those that the sandbox hands out.

Checksums, versions and lengths are checked, of main and test networks alike. What the sandbox hands
out is valid on test networks only, so that nobody sends real money to it.
"""

from base64 import b32decode, b32encode
from binascii import crc_hqx
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Final

from base58_bech32.base58 import b58decode_check, b58encode_check
from base58_bech32.bech32 import BECH32_1_CONST, BECH32_M_CONST, bech32_decode, convertbits
from base58_bech32.cashaddr import cashaddr_decode

# Version bytes before a hash of 20 bytes: to a key and to a script, on main and test networks.
_BITCOIN: Final = ("00", "05", "6f", "c4")
_VERSIONS: Final[Mapping[str, tuple[bytes, ...]]] = {
    coin: tuple(map(bytes.fromhex, versions))
    for coin, versions in {
        "BTC": _BITCOIN,
        "BCH": _BITCOIN,
        "LTC": ("30", "05", "32", "6f", "c4", "3a"),
        "DASH": ("4c", "10", "8c", "13"),
        "ZEC": ("1cb8", "1cbd", "1d25", "1cba"),
    }.items()
}
_TEST_VERSIONS: Final = {
    "BTC": b"\xc4",
    "LTC": b"\x3a",
    "BCH": b"\xc4",
    "DASH": b"\x8c",
    "ZEC": b"\x1d\x25",
}

_SEGWIT: Final = {"BTC": ("bc", "tb", "bcrt"), "LTC": ("ltc", "tltc", "rltc")}
_CASH: Final = ("bitcoincash", "bchtest", "bchreg")
# Prefixes of Zcash's shielded addresses: the older ones, and those that unite several.
_SAPLING: Final = ("zs", "ztestsapling")
_UNIFIED: Final = ("u", "utest")


def is_address(coin: str, address: str) -> bool:
    """Tell whether an address is one of the coin's (a CLABE number for MXN)."""
    for check in _CHECKS[coin]:
        try:
            if check(coin, address):
                return True
        except ValueError:  # what is written isn't of that form at all
            continue
    return False


@lru_cache(4096)  # each list of balances names them all
def sandbox_address(coin: str, secret: str) -> str:
    """Make the address that belongs to `secret`, always the same, with right checksums."""
    digest = sha256(f"{secret}/{coin}".encode()).digest()
    if coin == "MXN":
        # Bank 999 is given to nobody.
        digits = "999" + str(int.from_bytes(digest) % 10**14).zfill(14)
        return digits + _clabe_digit(digits)
    if coin == "XLM":
        return b32encode(_with_crc(b"\x30" + digest)).decode()
    if coin == "XEM":
        return "T" + b32encode(digest).decode()[:39]
    return b58encode_check(_TEST_VERSIONS[coin] + digest[:20]).decode()


def _is_base58(coin: str, address: str) -> bool:
    return b58decode_check(address)[:-20] in _VERSIONS[coin]


def _is_segwit(coin: str, address: str) -> bool:
    prefix, data, constant = bech32_decode(address, limit=90)
    if prefix not in _SEGWIT[coin] or not data:
        return False
    version, size = data[0], len(convertbits(data[1:], 5, 8, False))
    if version == 0:
        return constant == BECH32_1_CONST and size in (20, 32)
    return constant == BECH32_M_CONST and version <= 16 and 2 <= size <= 40


def _is_cash(_: str, address: str) -> bool:
    # A wallet may leave the prefix away; the checksum tells which one it was.
    prefixes = (None,) if ":" in address else _CASH
    for prefix in prefixes:
        try:
            return cashaddr_decode(address, prefix=prefix)[0] in _CASH
        except ValueError:
            continue
    return False


def _is_shielded(_: str, address: str) -> bool:
    prefix, data, constant = bech32_decode(address)
    if prefix in _SAPLING:
        return constant == BECH32_1_CONST and len(convertbits(data, 5, 8, False)) == 43
    return constant == BECH32_M_CONST and prefix in _UNIFIED


def _is_stellar(_: str, address: str) -> bool:
    raw = b32decode(address)
    return len(raw) == 35 and raw[0] == 0x30 and raw == _with_crc(raw[:-2])


def _is_nem(_: str, address: str) -> bool:
    # Its checksum is a Keccak hash, which Python has none of; transfers of XEM are closed anyway.
    return len(address) == 40 and address[0] in "NT" and len(b32decode(address)) == 25


def _is_clabe(_: str, address: str) -> bool:
    digits = len(address) == 18 and address.isascii() and address.isdigit()
    return digits and _clabe_digit(address[:-1]) == address[-1]


_CHECKS: Final[Mapping[str, tuple[Callable[[str, str], bool], ...]]] = {
    "MXN": (_is_clabe,),
    "BTC": (_is_base58, _is_segwit),
    "LTC": (_is_base58, _is_segwit),
    "BCH": (_is_base58, _is_cash),
    "DASH": (_is_base58,),
    "XLM": (_is_stellar,),
    "ZEC": (_is_base58, _is_shielded),
    "XEM": (_is_nem,),
}


def _with_crc(payload: bytes) -> bytes:
    return payload + crc_hqx(payload, 0).to_bytes(2, "little")


def _clabe_digit(digits: str) -> str:
    weighted = (int(digit) * (3, 7, 1)[place % 3] % 10 for place, digit in enumerate(digits))
    return str(-sum(weighted) % 10)
