"""What an order must keep to: the limits and steps of its book."""

from coinbtr.sandbox.core.catalogue import Market
from coinbtr.sandbox.core.errors import Code, Refusal
from coinbtr.sandbox.core.units import to_decimal, value_of


def check_order(rules: Market, amount: int, price: int) -> int:
    """Let an order through that keeps to the rules of its book, and tell its value.

    Raises:
        Refusal: `below_minimum`, `above_maximum`, `invalid_step`, `below_minimum_value`.
    """
    if (
        rules.min_amount <= amount <= rules.max_amount
        and rules.min_price <= price <= rules.max_price
        and not amount % rules.amount_step
        and not price % rules.price_step
        and (value := value_of(price, amount)) >= rules.min_value
    ):
        return value
    _check_limits("amount", amount, rules.min_amount, rules.max_amount, rules.name)
    _check_limits("price", price, rules.min_price, rules.max_price, rules.name)
    _check_step("amount", amount, rules.amount_step, rules.name)
    _check_step("price", price, rules.price_step, rules.name)
    value = value_of(price, amount)
    raise Refusal(
        Code.BELOW_MINIMUM_VALUE,
        f"amount × price is {to_decimal(value):f} {rules.quote}; "
        f"{rules.name} takes {to_decimal(rules.min_value):f} or more.",
    )


def _check_limits(field: str, given: int, least: int, most: int, market: str) -> None:
    if given < least:
        raise Refusal(
            Code.BELOW_MINIMUM,
            f"{field} is {to_decimal(given):f}; {market} takes {to_decimal(least):f} or more.",
        )
    if given > most:
        raise Refusal(
            Code.ABOVE_MAXIMUM,
            f"{field} is {to_decimal(given):f}; {market} takes {to_decimal(most):f} or less.",
        )


def _check_step(field: str, given: int, step: int, market: str) -> None:
    if given % step:
        raise Refusal(
            Code.INVALID_STEP,
            f"{field} is {to_decimal(given):f}; {market} takes multiples of {to_decimal(step):f}.",
        )
