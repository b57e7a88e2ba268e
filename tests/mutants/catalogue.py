"""All mutants: the measure of the contract test.

Another one is an entry in the module of its class.
"""

from tests.mutants import accounts, http, inputs, market, money, shape, state, times
from tests.mutants.mutant import Mutant

CATALOGUE: tuple[Mutant, ...] = (
    *shape.MUTANTS,
    *http.MUTANTS,
    *inputs.MUTANTS,
    *state.MUTANTS,
    *money.MUTANTS,
    *market.MUTANTS,
    *times.MUTANTS,
    *accounts.MUTANTS,
)


def named(name: str) -> Mutant:
    """Find a mutant by its name."""
    return next(mutant for mutant in CATALOGUE if mutant.name == name)
