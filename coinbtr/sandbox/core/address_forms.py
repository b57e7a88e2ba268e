"""Which addresses of a coin a withdrawal takes: checksums, versions and lengths are checked.

Those of main and test networks alike. It is imported at the first withdrawal: the library takes
as long to load as all the rest of the core.
"""

from base64 import b32decode
from collections.abc import Callable, Mapping
from typing import Final

from base58_bech32.base58 import b58decode_check
from base58_bech32.bech32 import BECH32_1_CONST, BECH32_M_CONST, bech32_decode, convertbits
from base58_bech32.cashaddr import cashaddr_decode

from coinbtr.sandbox.core.addresses import clabe_digit, with_crc

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
    return len(raw) == 35 and raw[0] == 0x30 and raw == with_crc(raw[:-2])


def _is_nem(_: str, address: str) -> bool:
    # Its checksum is a Keccak hash, which Python has none of; transfers of XEM are closed anyway.
    return len(address) == 40 and address[0] in "NT" and len(b32decode(address)) == 25


def _is_clabe(_: str, address: str) -> bool:
    digits = len(address) == 18 and address.isascii() and address.isdigit()
    return digits and clabe_digit(address[:-1]) == address[-1]


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
