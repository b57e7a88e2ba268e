"""Writes docs/workflows.md: the Arazzo workflows as tables of steps.

`make generate` calls it; the text is that of openapi/workflows.arazzo.yaml.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from scripts.rulings import operations

_HEAD: Final = """\
# Workflows

<!-- Written by `make generate` from openapi/workflows.arazzo.yaml; not edited by hand. -->

What people do with the exchange, request by request, as
[Arazzo](https://spec.openapis.org/arazzo/latest.html) workflows in `openapi/workflows.arazzo.yaml`.
`make workflows` runs all of them against a sandbox of its own, and so do the tests;
`make workflows ONLY=cancel-twice` runs one alone. What goes from a step to a later one is written
as `step.output`. A request below `/_sandbox` makes happen what no user of an exchange could do.
"""
_TABLE: Final = "| step | request | with | then |\n|---|---|---|---|\n"


def render(folder: Path) -> str:
    """The whole page, in Markdown, from the folder of the workflows and their descriptions."""
    workflows = yaml.safe_load((folder / "workflows.arazzo.yaml").read_text(encoding="utf-8"))
    requests = {
        f"{source['name']}.{operation['operationId']}": request
        for source in workflows["sourceDescriptions"]
        for operation, request in _requests(folder / source["url"], source["name"])
    }
    return _HEAD + "".join(_section(one, requests) for one in workflows["workflows"])


def _requests(description: Path, name: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    document = yaml.safe_load(description.read_text(encoding="utf-8"))
    below = "/_sandbox" if name == "sandbox" else ""
    places = {
        id(operation): f"{method.upper()} {below}{path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    for operation in operations(document):
        yield operation, places[id(operation)]


def _section(workflow: Mapping[str, Any], requests: Mapping[str, str]) -> str:
    title = f"\n## {workflow['summary']} {{#{workflow['workflowId']}}}\n\n"
    rows = (_row(step, requests) for step in workflow["steps"])
    return f"{title}{workflow['description']}\n\n{_TABLE}{''.join(rows)}"


def _row(step: Mapping[str, Any], requests: Mapping[str, str]) -> str:
    name = step["operationId"].removeprefix("$sourceDescriptions.")
    request = requests.get(name, f"{name}, which is gone")
    given = {one["name"]: one["value"] for one in step.get("parameters", ())}
    given |= step.get("requestBody", {}).get("payload", {})
    shown = [f"`{name}: {_plain(value)}`" for name, value in given.items()]
    conditions = [f"`{_plain(one['condition'])}`" for one in step["successCriteria"]]
    cells = [
        f"**{step['stepId']}** {step['description']}",
        f"`{request}`",
        ", ".join(shown),
        ", ".join(conditions),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _plain(value: Any) -> str:
    """An expression of Arazzo as people write it: `place.id` for `$steps.place.outputs.id`."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = text.replace("$steps.", "").replace(".outputs.", ".").replace("$inputs.", "")
    return text.replace("$response.body#/", "").replace("$statusCode", "status")
