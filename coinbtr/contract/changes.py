"""Finds what would have to change in the description for it to say what was observed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from attrs import evolve, frozen

from coinbtr.contract.checks.schema import places, validator
from coinbtr.contract.inference import NUMERIC, Inference, camel
from coinbtr.contract.observed import Observed, Place, Seen, Where, type_of
from coinbtr.contract.operations import operations

# From so many places on, what refers to a component is said of the component.
_COMMON: Final = 3
_MOST_OF: Final = 0.75

Actions = list[dict[str, Any]]


@frozen(kw_only=True)
class Change:
    """One change: what is said of it, and what makes it, given the number of its ruling."""

    title: str
    expected: str
    observed: str
    wheres: Sequence[Where]
    lines: Sequence[str] = ()
    actions: Callable[[str], Actions]


def changes(observed: Observed) -> Iterator[Change]:
    """Give the changes, by place."""
    for place, seen in sorted(_gathered(observed).items()):
        if seen.misfits:
            yield _value(observed, place, seen)
        if (
            seen.absent
            and seen.wheres
            and place[-2] == "properties"
            and _is_required(observed, place)
        ):
            yield _optional(observed, place, seen)
        for name, values in sorted(seen.extra.items()):
            yield _field(observed, place, name, values, sorted(seen.extra_wheres[name]))
    for (operation, status), bodies in sorted(observed.statuses.items()):
        yield _status(observed, operation, status, bodies)


def _gathered(observed: Observed) -> dict[Place, Seen]:
    """Give the places, those that refer to one component as one if few of them fit it."""
    groups: dict[Place, list[Place]] = {}
    for place, seen in observed.places.items():
        node, home = observed.node(place)
        if seen.present and home != place and not {"properties", "items"} & set(node):
            groups.setdefault(home, []).append(place)
    gathered = dict(observed.places)
    for home, places_of_it in groups.items():
        all_seen = [observed.places[place] for place in places_of_it]
        misfits = sum(bool(seen.misfits) for seen in all_seen)
        if misfits >= max(_COMMON, len(all_seen) * _MOST_OF):
            gathered[home] = Seen(
                misfits=[value for seen in all_seen for value in seen.misfits],
                fitting=set().union(*(seen.fitting for seen in all_seen)),
                wheres=set().union(*(seen.wheres for seen in all_seen)),
            )
            for place, seen in zip(places_of_it, all_seen, strict=True):
                gathered[place] = evolve(seen, misfits=[])
    return gathered


def _is_required(observed: Observed, place: Place) -> bool:
    parent, _ = observed.node(place[:-2])
    return place[-1] in parent.get("required", ())


def _value(observed: Observed, place: Place, seen: Seen) -> Change:
    """Describe a value otherwise, at the place that is about it and at no other."""
    plain = observed.plain(place)
    types = {type_of(value) for value in seen.misfits}
    wanted = _widened(plain, seen)

    def actions(ruling: str) -> Actions:
        provenance = _provenance(plain.get("x-provenance"), ruling)
        if wanted is not None:
            schema = {**wanted, "x-provenance": provenance}
            return _replaced(observed, place, schema, drop=set(plain) - set(wanted))
        fresh = _provenance(None, ruling)
        inference = Inference(list(observed.whole["components"]["schemas"]), fresh)
        text = plain.get("description", "Seen in answers.")
        schema = inference.schema(seen.misfits, _component(place), text)
        return [
            *_components(inference),
            *_replaced(observed, place, {**schema, "x-provenance": provenance}, drop=set(plain)),
        ]

    return Change(
        title=f"{_name(place)}: its form",
        expected=said(plain),
        observed=" or ".join(sorted(types)) if wanted is None else said(wanted),
        wheres=sorted(seen.wheres),
        lines=plain.get("x-provenance", {}).get("lines", ()),
        actions=actions,
    )


def _widened(plain: Mapping[str, Any], seen: Seen) -> dict[str, Any] | None:
    """Give a schema that takes the documented values and the misfits, or None for a new one."""
    documented = plain.get("type", [])
    kinds = [documented] if isinstance(documented, str) else list(documented)
    types = {type_of(value) for value in seen.misfits}
    if types & {"object", "array"} or set(kinds) & {"object", "array"}:
        return None
    strings = [value for value in seen.misfits if isinstance(value, str)]
    decimal = plain.get("format") == "decimal"
    numeric = bool(strings) and all(NUMERIC.fullmatch(value) for value in strings)
    if not seen.fitting and not types & set(kinds) and not (decimal and numeric):
        return None
    wanted = {key: value for key, value in plain.items() if key != "x-provenance"}
    for kind in sorted(types):
        if kind not in kinds and not (kind == "integer" and "number" in kinds):
            kinds.append(kind)
    if "null" in kinds:
        kinds = [kind for kind in kinds if kind != "null"] + ["null"]
    wanted["type"] = kinds[0] if len(kinds) == 1 else kinds
    for keyword in ("pattern", "format", "enum", "minimum", "maximum", "minLength", "maxLength"):
        if keyword in wanted and not _all_fit({"type": kinds, keyword: wanted[keyword]}, seen):
            _loosen(wanted, keyword, seen)
    if "x-decimal-places" in wanted:
        decimals = [places(value) for value in seen.misfits if isinstance(value, Decimal)]
        wanted["x-decimal-places"] = max([wanted["x-decimal-places"], *decimals])
    return wanted


def _all_fit(schema: Mapping[str, Any], seen: Seen) -> bool:
    check = validator(dict(schema))
    return all(check.is_valid(value) for value in seen.misfits)


def _loosen(wanted: dict[str, Any], keyword: str, seen: Seen) -> None:
    texts = [value for value in seen.misfits if isinstance(value, str)]
    numbers = [
        value
        for value in seen.misfits
        if isinstance(value, int | Decimal) and not isinstance(value, bool)
    ]
    if keyword == "enum":
        wanted["enum"] = list(dict.fromkeys([*wanted["enum"], *seen.misfits]))
    elif keyword in ("minimum", "maximum"):
        pick = min if keyword == "minimum" else max
        wanted[keyword] = pick([wanted[keyword], *numbers])
    elif keyword in ("minLength", "maxLength"):
        pick = min if keyword == "minLength" else max
        wanted[keyword] = pick([wanted[keyword], *map(len, texts)])
    else:
        del wanted[keyword]


def _optional(observed: Observed, place: Place, seen: Seen) -> Change:
    parent = place[:-2]
    known = observed.plain(place).get("x-provenance")

    def actions(ruling: str) -> Actions:
        return [
            {
                "target": f"{path(parent)}['required'][?@ == {_quoted(place[-1])}]",
                "remove": True,
            },
            {
                "target": path(place),
                "update": {
                    "x-provenance": {
                        "status": _provenance(known, ruling)["status"],
                        "rulings": [ruling],
                    }
                },
            },
        ]

    told = "always absent" if not seen.present else "absent at times"
    return Change(
        title=f"{_name(place)}: whether it is there",
        expected="required",
        observed=told,
        wheres=sorted(seen.wheres),
        lines=() if known is None else known.get("lines", ()),
        actions=actions,
    )


def _field(
    observed: Observed, home: Place, name: str, values: Sequence[Any], wheres: Sequence[Where]
) -> Change:
    def actions(ruling: str) -> Actions:
        provenance = _provenance(None, ruling)
        inference = Inference(list(observed.whole["components"]["schemas"]), provenance)
        schema = inference.schema(
            values,
            _component(home) + camel(name),
            "Seen in answers; what it means is not documented.",
        )
        update = {"properties": {name: {**schema, "x-provenance": provenance}}}
        return [*_components(inference), {"target": path(home), "update": update}]

    return Change(
        title=f"{_name(home)}.{name}: a field that was not described",
        expected="nothing",
        observed=" or ".join(sorted({type_of(value) for value in values})),
        wheres=wheres,
        actions=actions,
    )


def _status(observed: Observed, operation: str, status: int, bodies: Sequence[Any]) -> Change:
    known = operations()[operation]
    place = ("paths", known.path, known.method.lower(), "responses")

    def actions(ruling: str) -> Actions:
        provenance = _provenance(None, ruling)
        inference = Inference(list(observed.whole["components"]["schemas"]), provenance)
        text = f"Seen in answers with the status {status}."
        name = f"{operation[0].upper()}{operation[1:]}Status{status}"
        schema = inference.schema(bodies, name, text)
        answer = {
            "description": text,
            "x-provenance": provenance,
            "content": {"application/json": {"schema": schema}},
        }
        return [*_components(inference), {"target": path(place), "update": {str(status): answer}}]

    return Change(
        title=f"{operation}: the status {status}",
        expected=", ".join(map(str, known.answers)),
        observed=str(status),
        wheres=[(operation, status, "")],
        actions=actions,
    )


def _replaced(
    observed: Observed, place: Place, schema: Mapping[str, Any], *, drop: set[str]
) -> Actions:
    """Put a schema in the place of the node there, whether that is a reference or not."""
    node = observed.whole
    for step in place:
        node = node[step]
    # Arrays would be appended to, so what is replaced is removed first.
    gone = [
        key
        for key in node
        if key != "x-provenance"
        and (key == "$ref" or key in drop or (key in schema and node[key] != schema[key]))
    ]
    stays = {key: value for key, value in schema.items() if key in gone or key not in node}
    provenance = schema["x-provenance"]
    if "x-provenance" in node:
        # Merging appends to its list of rulings.
        provenance = {"status": provenance["status"], "rulings": provenance["rulings"][-1:]}
    actions: Actions = [
        {"target": f"{path(place)}[{_quoted(key)}]", "remove": True} for key in gone
    ]
    return [*actions, {"target": path(place), "update": {**stays, "x-provenance": provenance}}]


def _components(inference: Inference) -> Actions:
    if not inference.components:
        return []
    return [{"target": path(("components", "schemas")), "update": inference.components}]


def _provenance(known: Mapping[str, Any] | None, ruling: str) -> dict[str, Any]:
    if known is None:
        return {"status": "inferred", "rulings": [ruling]}
    status = "inferred" if known["status"] == "inferred" else "corrected"
    return {**known, "status": status, "rulings": [*known.get("rulings", ()), ruling]}


def path(place: Place) -> str:
    """Give a place as a JSONPath."""
    return "$" + "".join(f"[{_quoted(step)}]" for step in place)


def _quoted(step: str) -> str:
    escaped = step.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _name(place: Place) -> str:
    shown = [step for step in place if step not in ("components", "schemas", "properties")]
    return ".".join(shown).replace(".items", "[]")


def _component(place: Place) -> str:
    skipped = ("components", "schemas", "properties", "items", "content", "application/json")
    return "".join(camel(step) for step in place if step not in skipped)


def said(schema: Mapping[str, Any]) -> str:
    """Give in a few words what a schema says of a value."""
    kind = schema.get("type", "anything")
    words = [kind if isinstance(kind, str) else " or ".join(kind)]
    shown = ("format", "pattern", "enum", "minimum", "maximum", "minLength", "maxLength")
    words += [f"{key} {_shown(schema[key])}" for key in shown if key in schema]
    return ", ".join(words)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "/".join(map(_shown, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
