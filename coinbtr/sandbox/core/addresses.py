"""Addresses of coins: which ones a withdrawal takes, and those that the sandbox hands out.

What it hands out is valid on test networks only, so that nobody sends real money to it. Checksums
of foreign addresses aren't checked: the form of the address is.
"""

import re
from base64 import b32encode
from binascii import crc_hqx
from hashlib import sha256

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_B58 = "[1-9A-HJ-NP-Za-km-z]"
_BECH32 = "[02-9ac-hj-np-z]"

_FORMS = {
    "MXN": r"[0-9]{18}",
    "BTC": rf"[123mn]{_B58}{{25,34}}|(?:bc|tb|bcrt)1{_BECH32}{{11,87}}",
    "LTC": rf"[LM3mn2Q]{_B58}{{25,34}}|(?:ltc|tltc|rltc)1{_BECH32}{{11,87}}",
    "BCH": rf"[123mn]{_B58}{{25,34}}|(?:(?:bitcoincash|bchtest):)?[qp][02-9ac-hj-np-z]{{41}}",
    "DASH": rf"[X7y8]{_B58}{{25,34}}",
    "XLM": r"G[A-Z2-7]{55}",
    "ZEC": rf"t[1-3m2]{_B58}{{25,34}}|(?:zs|ztestsapling|u|utest)1{_BECH32}{{40,200}}",
    "XEM": r"[NT][A-Z2-7]{39}",
}
_CHECKS = {coin: re.compile(form) for coin, form in _FORMS.items()}

# Version bytes of pay-to-script-hash or pay-to-public-key-hash on each coin's test network.
_TEST_VERSIONS = {
    "BTC": b"\xc4",
    "LTC": b"\x3a",
    "BCH": b"\xc4",
    "DASH": b"\x8c",
    "ZEC": b"\x1d\x25",
}


def is_address(coin: str, address: str) -> bool:
    """Tell whether an address has the form of the coin's addresses (a CLABE number for MXN)."""
    return _CHECKS[coin].fullmatch(address) is not None


def sandbox_address(coin: str, secret: str) -> str:
    """Make the address that belongs to `secret`, always the same, with right checksums."""
    digest = sha256(f"{secret}/{coin}".encode()).digest()
    if coin == "MXN":
        return _clabe(digest)
    if coin == "XLM":
        return _stellar(digest)
    if coin == "XEM":
        return "T" + b32encode(digest).decode()[:39]
    return _base58check(_TEST_VERSIONS[coin] + digest[:20])


def _base58check(payload: bytes) -> str:
    data = payload + sha256(sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return text


def _stellar(public_key: bytes) -> str:
    payload = b"\x30" + public_key
    return b32encode(payload + crc_hqx(payload, 0).to_bytes(2, "little")).decode()


def _clabe(digest: bytes) -> str:
    # Bank 999 is given to nobody.
    digits = "999" + str(int.from_bytes(digest) % 10**14).zfill(14)
    weighted = (int(digit) * (3, 7, 1)[place % 3] % 10 for place, digit in enumerate(digits))
    return digits + str(-sum(weighted) % 10)
