"""Model and sandbox agree: a sample of what `make agreement` does at length."""

from tests.contract.agreement import agree, rooms


def test_there_is_room_on_books_of_both_kinds() -> None:
    """Plays are had on books quoted in pesos and in bitcoin, whose steps and prices differ much."""
    assert {name.split("-")[1] for name in rooms(1)} == {"MXN", "BTC"}


def test_model_and_sandbox_agree() -> None:
    """Five books, a few hundred steps on each, and no difference."""
    chunks = [agree(300, seed=seed) for seed in range(1, 6)]
    assert sum(chunk.steps for chunk in chunks) == 1_500
    assert len({chunk.market for chunk in chunks}) == 5
    assert [chunk.differences for chunk in chunks] == [()] * 5
