"""What a check gives back."""

from collections.abc import Callable, Iterator

from attrs import frozen

from coinbtr.contract.calls import Answer, Call


@frozen
class Problem:
    """A broken rule: its code in `rules.RULES`, and a sentence with what was seen."""

    code: str
    sentence: str


Check = Callable[[Call, Answer], Iterator[Problem]]
