"""Whether a request keeps to the description: the second opinion on what Schemathesis made."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from coinbtr_api import exact_json

from coinbtr.contract.calls import Call
from coinbtr.contract.checks.schema import validator

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)


def is_valid(call: Call) -> bool:
    """Tell whether method, query and body of a request are what the operation documents."""
    return call.method == call.operation.method and _query(call) and _body(call)


def _query(call: Call) -> bool:
    parameters = call.operation.parameters
    pairs = parse_qsl(urlsplit(call.url).query, keep_blank_values=True)
    given = dict(pairs)
    missing = {name for name, item in parameters.items() if item.get("required")} - set(given)
    if missing or len(given) < len(pairs) or not set(given) <= set(parameters):
        return False
    for name, text in given.items():
        schema = parameters[name]["schema"]
        is_number = schema.get("type") == "integer" and _INTEGER.fullmatch(text)
        value: Any = int(text) if is_number and len(text) < 20 else text
        if not validator(schema).is_valid(value):
            return False
    return True


def _body(call: Call) -> bool:
    operation = call.operation
    if not call.content:
        return not operation.body_required
    if operation.body is None:
        return False
    if (call.content_type or "").partition(";")[0].strip().lower() != "application/json":
        return False
    try:
        document = exact_json.loads(call.content)
    except exact_json.ExactJSONError:
        return False
    return bool(validator(operation.body).is_valid(document))
