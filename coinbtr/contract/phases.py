"""The phases of a run that writes: each is begun, or a note tells why it isn't."""

from collections.abc import Sequence

from coinbtr.contract import generated
from coinbtr.contract.bench import UNUSABLE, Stopped
from coinbtr.contract.catalogue import Probe
from coinbtr.contract.model import phase as model
from coinbtr.contract.operations import operations
from coinbtr.contract.profiles import PROFILES
from coinbtr.contract.trial import Trial


def probe(trial: Trial, one: Probe, under_way: Sequence[str]) -> None:
    """Run a probe, if it is of a phase and about operations that are to be tried.

    Args:
        trial: the run.
        one: the probe.
        under_way: deposits that may move balances.
    """
    chosen = {operation.id for operation in trial.selected}
    if one.phase not in trial.phases or (one.operations and not one.operations & chosen):
        return
    if not _may_begin(trial, one.phase, one.needs_other, under_way if one.needs_calm else ()):
        return
    trial.tell(one.phase)
    bench = trial.bench(one.phase)
    before = len(trial.results.findings)
    try:
        one.run(bench)
    except Stopped:
        if not trial.results.enough:
            trial.results.note(f"The phase {one.phase} ended before its end.")
    except UNUSABLE as error:
        # An answer of another shape than documented; the checks of that answer tell.
        trial.results.note(f"The phase {one.phase} ended before its end.")
        if len(trial.results.findings) == before and bench.last is not None:
            sentence = f"The answer can't be used: {type(error).__name__}: {error}."
            bench.find("C121", bench.last, sentence)
    trial.tell(one.phase)


def play(trial: Trial, under_way: Sequence[str]) -> None:
    """Let the model play; it takes two accounts, and all operations."""
    is_whole = len(trial.selected) == len(operations())
    if model.PHASE not in trial.phases or not is_whole:
        return
    if not _may_begin(trial, model.PHASE, needs_other=True, under_way=under_way):
        return
    trial.tell(model.PHASE)
    options = trial.options
    plan = model.Plan(
        url=options.url,
        tokens=trial.tokens,
        secrets=trial.secrets,
        steps=PROFILES[trial.profile].model,
        seed=options.seed,
        workers=options.workers,
        share=options.share,
        seconds=trial.seconds_left,
        stop_at=frozenset(options.stop_at),
    )
    model.run(
        plan,
        trial.server,
        trial.results,
        tick=trial.tick,
        # It changes what is there: nothing for another server.
        reset=trial.reset if trial.server.is_sandbox else None,
        reach=trial.reach,
        clock=trial.clock,
        progress=lambda: trial.tell(model.PHASE),
    )
    trial.tell(model.PHASE)


def generate(trial: Trial) -> None:
    """Let Schemathesis generate requests.

    Raises:
        Trouble: it could not do its work.
    """
    names = [name for name in generated.PHASES if name in trial.phases]
    if not names or trial.options.token is None or trial.results.enough:
        return
    trial.tell(names[0])
    generated.run(
        trial.server,
        trial.options.token,
        trial.results,
        phases=names,
        selected=[one.id for one in trial.selected],
        effort=PROFILES[trial.profile],
        seed=trial.options.seed,
        progress=trial.tell,
        out_of_time=trial.out_of_time,
    )


def _may_begin(trial: Trial, phase: str, needs_other: bool, under_way: Sequence[str]) -> bool:
    """Tell whether a phase may be begun; a note says why not."""
    note = trial.results.note
    if trial.results.enough:
        return False
    if trial.out_of_time():
        note(f"The time was up before the phase {phase}.")
        return False
    if needs_other and not trial.server.has_token("other"):
        note(f"The phase {phase} was not tried: it needs --other-token.")
        return False
    if under_way:
        note(
            f"The phase {phase} was not tried in whole: a deposit is under way ({under_way[0]}),"
            " which moves a balance when it is confirmed. Run it again then."
        )
    return not under_way
