"""What answers look like, place by place of the description: the base of drift and proposals.

A place is where the description describes a value: the steps from its root to that node, such as
`("components", "schemas", "Order", "properties", "price")`. Only shapes are told to others.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from threading import Lock
from typing import Any, Final, TypeAlias

from attrs import define, field

from coinbtr.contract.calls import Answer, Call
from coinbtr.contract.checks.schema import validator
from coinbtr.contract.operations import document, resolved

Place: TypeAlias = tuple[str, ...]
Where: TypeAlias = tuple[str, int, str]

_MOST: Final = 2000
_MOST_ENTRIES: Final = 200
# What of a schema is about the values within a value, or about none.
_DEEP: Final = frozenset({"properties", "items", "required", "additionalProperties", "$ref"})


@define
class Seen:
    """What was seen at one place: the values that don't fit, the types of those that do.

    `wheres` are the operation, status and path in the answer of each.
    """

    misfits: list[Any] = field(factory=list)
    fitting: set[str] = field(factory=set)
    present: int = 0
    absent: int = 0
    wheres: set[Where] = field(factory=set)
    extra: dict[str, list[Any]] = field(factory=dict)
    extra_wheres: dict[str, set[Where]] = field(factory=dict)


class Observed:
    """Takes in answers; `places` are what they showed, `statuses` the undocumented ones' bodies."""

    def __init__(self) -> None:
        self.whole = document()
        self.places: dict[Place, Seen] = {}
        self.statuses: dict[tuple[str, int], list[Any]] = {}
        self._nodes: dict[Place, tuple[Any, Place]] = {}
        self._shallow: dict[Place, Mapping[str, Any]] = {}
        self._lock = Lock()

    def add(self, call: Call, answer: Answer, *, keeps: bool = False) -> None:
        """Take an answer in; `keeps` says that it is known to keep to its schema."""
        if call.method != call.operation.method or answer.document is None:
            return
        with self._lock:
            if answer.status not in call.operation.answers:
                if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    bodies = self.statuses.setdefault((call.operation.id, answer.status), [])
                    bodies[_MOST:] = []
                    bodies.append(answer.document)
                return
            place = ("paths", call.operation.path, call.operation.method.lower(), "responses")
            _, home = self.node((*place, str(answer.status)))
            schema = (*home, "content", "application/json", "schema")
            self._walk(answer.document, schema, (call.operation.id, answer.status, ""), keeps)

    def node(self, place: Place) -> tuple[Any, Place]:
        """Give the node at a place, references followed, and where it is then."""
        if place not in self._nodes:
            at, node = place, _at(self.whole, place)
            while "$ref" in node:
                at = tuple(node["$ref"].removeprefix("#/").split("/"))
                node = _at(self.whole, at)
            self._nodes[place] = (node, at)
        return self._nodes[place]

    def plain(self, place: Place) -> dict[str, Any]:
        """Give what is described at a place about a value itself, references resolved."""
        return {
            key: value
            for key, value in resolved(self.whole, _at(self.whole, place)).items()
            if key not in _DEEP
        }

    def _walk(self, value: Any, place: Place, where: Where, keeps: bool) -> None:
        seen = self.places.setdefault(place, Seen())
        node, home = self.node(place)
        seen.present += 1
        if place not in self._shallow:
            self._shallow[place] = self.plain(place)
        if keeps or validator(self._shallow[place]).is_valid(value):
            seen.fitting.add(type_of(value))
        elif len(seen.misfits) < _MOST:
            seen.misfits.append(value)
            seen.wheres.add(where)
        operation, status, path = where
        if isinstance(value, dict) and "properties" in node:
            for name in node["properties"]:
                child = (*home, "properties", name)
                deeper = (operation, status, f"{path}.{name}".lstrip("."))
                if name in value:
                    self._walk(value[name], child, deeper, keeps)
                else:
                    missed = self.places.setdefault(child, Seen())
                    missed.absent += 1
                    if name in node.get("required", ()):
                        missed.wheres.add(deeper)
            self._extra(value, node, home, where)
        elif isinstance(value, list) and "items" in node:
            for item in value[:_MOST_ENTRIES]:
                self._walk(item, (*home, "items"), (operation, status, f"{path}[]"), keeps)

    def _extra(self, value: dict[str, Any], node: Any, home: Place, where: Where) -> None:
        seen = self.places.setdefault(home, Seen())
        operation, status, path = where
        for name in value.keys() - node["properties"].keys():
            values = seen.extra.setdefault(name, [])
            if len(values) < _MOST:
                values.append(value[name])
            deeper = (operation, status, f"{path}.{name}".lstrip("."))
            seen.extra_wheres.setdefault(name, set()).add(deeper)

    def undocumented(self, operation: str) -> Iterator[str]:
        """Give the fields of an operation's answers that the description doesn't know."""
        found = {
            (path, type_of(values[0]))
            for seen in self.places.values()
            for name, values in seen.extra.items()
            for who, _, path in seen.extra_wheres[name]
            if who == operation
        }
        yield from (f"{path} ({kind})" for path, kind in sorted(found))


def type_of(value: Any) -> str:
    """Give the JSON type of a value, as a schema names it."""
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (int, "integer"), (str, "string"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object" if isinstance(value, dict) else "number"


def _at(node: Any, place: Place) -> Any:
    for step in place:
        node = node[step]
    return node
