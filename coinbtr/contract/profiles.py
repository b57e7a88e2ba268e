"""How much a run does: the phases that there are, and what each profile makes of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from coinbtr.contract import catalogue, generated
from coinbtr.contract.generated import Effort

PHASES: Final = (*catalogue.PHASES, *generated.PHASES)
"""Every phase, in the order in which they run: the probes need a market that is still calm."""

PROFILES: Final[Mapping[str, Effort]] = MappingProxyType(
    {
        "quick": Effort(fuzzing=40, stateful=40),
        "full": Effort(fuzzing=250, stateful=150),
    }
)
