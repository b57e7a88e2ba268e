"""Which Python method does the work of which operation of `openapi/sandbox.yaml`."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from attrs import asdict, frozen

from coinbtr.sandbox.control.control import Control
from coinbtr.sandbox.control.errors import NotPossible, Unknown
from coinbtr.sandbox.control.tokens import id_of
from coinbtr.sandbox.control.views import moment
from coinbtr.sandbox.faults import ActiveFault, Fault, InvalidFault
from coinbtr.sandbox.request_log import RecordedRequest

Arguments = Mapping[str, Any]


@frozen
class Handler:
    """What answers an operation.

    Attributes:
        method: the Python method of `Sandbox` that does the same.
        answer: gives what `data` shows; by default the method is called with the arguments as they
            are.
    """

    method: str
    answer: Callable[[Control, Arguments], Any]


def _same(method: str, **renamed: str) -> Handler:
    """Call the method with the arguments, some of them under another name."""

    def answer(control: Control, arguments: Arguments) -> Any:
        given = {renamed.get(name, name): value for name, value in arguments.items()}
        return getattr(control, method)(**given)

    return Handler(method, answer)


def _advance(control: Control, arguments: Arguments) -> Any:
    return control.advance(ms=int(Decimal(arguments["seconds"]).scaleb(3)))


def _issue_token(control: Control, arguments: Arguments) -> Any:
    token = control.issue_token(**arguments)
    [info] = [one for one in control.tokens() if one.id == id_of(token)]
    return {**asdict(info, recurse=False), "token": token}


def _list_requests(control: Control, arguments: Arguments) -> Any:
    limit = arguments.get("limit", 50)
    found = control.requests.list(limit, arguments.get("operation"))
    return [_request(one) for one in found]


def _request(one: RecordedRequest) -> Any:
    told = one._asdict()
    return {"time": moment(told.pop("time_ms")), **told}


def _clear_requests(control: Control, _: Arguments) -> Any:
    cleared = len(control.requests.list())
    control.requests.clear()
    return {"cleared": cleared}


def _list_faults(control: Control, _: Arguments) -> Any:
    return [_fault(active) for active in control.faults.list()]


def _add_fault(control: Control, arguments: Arguments) -> Any:
    try:
        number = control.faults.add(Fault(**arguments))
    except InvalidFault as invalid:
        raise NotPossible("invalid_value", f"{invalid}.") from None
    return _fault(_active(control, number))


def _remove_fault(control: Control, arguments: Arguments) -> Any:
    active = _active(control, arguments["id"])
    control.faults.remove(active.id)
    return _fault(active)


def _clear_faults(control: Control, _: Arguments) -> Any:
    cleared = len(control.faults.list())
    control.faults.clear()
    return {"cleared": cleared}


def _active(control: Control, number: int) -> ActiveFault:
    for active in control.faults.list():
        if active.id == number:
            return active
    raise Unknown("fault_not_found", f"There is no fault {number}.")


def _fault(active: ActiveFault) -> Any:
    return {"id": active.id, **active.fault.describe(), "seen": active.seen, "done": active.done}


HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "getDescription": _same("description"),
        "getOverview": _same("overview"),
        "advanceClock": Handler("advance", _advance),
        "startLiveMarket": _same("go_live"),
        "stopLiveMarket": _same("stop_live"),
        "resetExchange": _same("reset"),
        "getBookDetail": _same("book"),
        "listCandles": _same("candles"),
        "haltBook": _same("halt", market="book"),
        "resumeBook": _same("resume", market="book"),
        "listAccounts": _same("accounts"),
        "openAccount": _same("open_account"),
        "listOrders": _same("orders"),
        "listTokens": _same("tokens"),
        "issueToken": Handler("issue_token", _issue_token),
        "revokeToken": _same("revoke_token", id="token"),
        "credit": _same("credit"),
        "listTransfers": _same("transfers"),
        "confirmTransfer": _same("confirm", id="transfer"),
        "failTransfer": _same("fail", id="transfer"),
        "listSnapshots": _same("snapshots"),
        "takeSnapshot": _same("snapshot"),
        "restoreSnapshot": _same("restore"),
        "removeSnapshot": _same("remove_snapshot"),
        "exportSnapshot": _same("export_snapshot"),
        "importSnapshot": _same("import_snapshot"),
        "listRequests": Handler("requests.list", _list_requests),
        "clearRequests": Handler("requests.clear", _clear_requests),
        "listFaults": Handler("faults.list", _list_faults),
        "addFault": Handler("faults.add", _add_fault),
        "removeFault": Handler("faults.remove", _remove_fault),
        "clearFaults": Handler("faults.clear", _clear_faults),
    }
)
"""The handler of each operation, by operationId; health is answered before any surface is asked."""
