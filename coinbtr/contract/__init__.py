"""The contract test: does a server keep to the description of the API?

It knows the server by its URL only. A server that doesn't prove to be the sandbox is asked for
documented reads, one a second, and for nothing else.
"""

try:
    from coinbtr.contract.canary import Budget
    from coinbtr.contract.findings import Finding, Tally
    from coinbtr.contract.options import Options
    from coinbtr.contract.overlay import load_description
    from coinbtr.contract.profiles import PHASES, PROFILES
    from coinbtr.contract.report import Report, Verdict
    from coinbtr.contract.rules import RULES
    from coinbtr.contract.runner import run
except ModuleNotFoundError as missing:
    if (missing.name or "").split(".")[0] not in (
        "jinja2",
        "jsonpath",
        "jsonschema",
        "schemathesis",
        "yaml",
    ):
        raise
    raise ModuleNotFoundError(
        "the contract test needs some more packages: pip install 'coinbtr[contract]'",
        name=missing.name,
    ) from missing

__all__ = [
    "PHASES",
    "PROFILES",
    "RULES",
    "Budget",
    "Finding",
    "Options",
    "Report",
    "Tally",
    "Verdict",
    "load_description",
    "run",
]
