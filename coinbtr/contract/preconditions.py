"""What must hold before a sandbox is tested: tokens that work, and no money on its way."""

from collections.abc import Sequence
from http import HTTPStatus

from coinbtr.contract.bench import Stopped
from coinbtr.contract.probes import deposits
from coinbtr.contract.trial import Trial

UNKNOWN_TOKEN = "the server does not know the token of {}"  # noqa: S105 - a sentence

_OPTIONS = {"mine": "--token", "other": "--other-token"}


def why_not(trial: Trial) -> str | None:
    """Tell why a sandbox can't be tested: most of it needs a token that works."""
    if not trial.server.has_token("mine"):
        return "private operations need a token: give --token or set COINBTR_TOKEN"
    bench = trial.bench("tokens")
    for name in trial.tokens:
        try:
            reply = bench.ask("getSession", token=name)
        except Stopped:
            return None  # the answer was taken down; the probes see what else there is
        if reply.answer.status == HTTPStatus.UNAUTHORIZED:
            if name in trial.issued:
                bench.find("C305", reply, "It refuses a token that it has just issued itself.")
            return UNKNOWN_TOKEN.format(_OPTIONS[name])
    return None


def under_way(trial: Trial) -> Sequence[str]:
    """Name the deposits that may move balances while the probes compare them."""
    if trial.tick is not None:
        return []  # the clock stands still
    bench = trial.bench("wallet")
    try:
        return [one for name in trial.tokens for one in deposits.under_way(bench, name)]
    except Stopped:
        return []
