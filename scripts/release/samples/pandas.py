"""Models become a frame, with exact amounts as they are."""

from decimal import Decimal

from coinbtr import PriceLevel, to_frame

frame = to_frame([PriceLevel(price=Decimal("900000.50"), amount=Decimal("0.10"))])
assert [str(price) for price in frame["price"]] == ["900000.50"], frame
assert [str(amount) for amount in frame["amount"]] == ["0.10"], frame
