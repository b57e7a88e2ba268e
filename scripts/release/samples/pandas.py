"""Models become a frame, with exact amounts as they are."""

from decimal import Decimal

from coinbtr import PriceLevel, to_frame

levels = [PriceLevel(price=Decimal("900000.50"), amount=Decimal("0.10"))]
frame = to_frame(levels)
assert list(frame["price"]) == [Decimal("900000.50")], frame
assert list(frame["amount"].map(str)) == ["0.10"], frame
