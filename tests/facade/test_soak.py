"""A sample of the soak; `make soak` runs all of it."""

import pytest

from tests.facade.soak import soak

pytestmark = pytest.mark.filterwarnings("ignore::coinbtr.InferredOperationWarning")


@pytest.mark.parametrize("seed", [1, 2])
def test_books_and_ledger_agree(seed: int) -> None:
    """Threads and tasks under random faults: what users wrote down is what the exchange has."""
    problems, figures = soak(600, seed)
    assert not problems, figures
    assert " 0 faults" not in figures
    assert " 0 outcomes" not in figures
