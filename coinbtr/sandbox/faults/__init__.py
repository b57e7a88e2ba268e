"""Faults on order: what goes wrong between a client and the sandbox, how often, and with what."""

from coinbtr.sandbox.faults.fault import KINDS, Fault, FaultKind, InvalidFault
from coinbtr.sandbox.faults.rules import ActiveFault, Draw, Faults

__all__ = ["KINDS", "ActiveFault", "Draw", "Fault", "FaultKind", "Faults", "InvalidFault"]
