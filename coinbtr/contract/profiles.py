"""How much a run does: the phases that there are, and what each profile makes of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coinbtr.contract import catalogue, generated
from coinbtr.contract.generated import Effort
from coinbtr.contract.model import phase

PHASES: Final = (*catalogue.PHASES, phase.PHASE, *generated.PHASES)
"""Every phase, in the order in which they run: probes and model need a market that is calm."""

PROFILES: Final[Mapping[str, Effort]] = MappingProxyType(
    {
        "quick": Effort(fuzzing=40, stateful=40, model=150),
        "full": Effort(fuzzing=250, stateful=150, model=1_500),
        # The model sees more than generated requests do: all the time is its.
        "deep": Effort(fuzzing=40, stateful=40, model=20_000),
    }
)
