"""Which of the mutants that no test notices are judged in tests/facade/survivors.md.

A row there names a function and how many of its breaks may live: mutmut numbers them anew when the
function changes, so a break itself has no name that lasts.
"""

import re
from collections import Counter
from collections.abc import Iterable

from mutmut.utils.format_utils import parse_mutant_key

_ROW = re.compile(r"^\| `([\w.]+)` \| ([0-9]+) \|", re.MULTILINE)


def judged(page: str) -> Counter[str]:
    """How many breaks of each function the page says why they live."""
    found = Counter[str]()
    for function, number in _ROW.findall(page):
        found[function] += int(number)
    return found


def function_of(mutant: str) -> str:
    """The function that a mutant is of, as the page writes it: `money.to_money`.

    `coinbtr.` and `_sync.` are left out.
    """
    module, _, key = mutant.rpartition(".")
    name, of = parse_mutant_key(key.partition("__mutmut_")[0])
    inside = module.removeprefix("coinbtr.").removeprefix("_sync.")
    return ".".join(part for part in (inside, of, name) if part)


def differences(tried: Iterable[str], living: Iterable[str], page: str) -> list[str]:
    """A sentence for each function tried of which more mutants live than the page judges, or fewer.

    `living` are those of `tried` that no test noticed.
    """
    known, found = judged(page), Counter(map(function_of, living))
    return [
        f"{function}: {found[function]} not noticed, {known[function]} judged"
        for function in sorted(set(map(function_of, tried)))
        if found[function] != known[function]
    ]
