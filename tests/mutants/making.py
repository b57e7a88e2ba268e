"""What mutants are made of: changes to answers, to requests and to the exchange itself."""

import re
from collections.abc import Callable
from typing import Any

from attrs import evolve

from coinbtr.contract.operations import operations
from coinbtr.wire.engine import Request, Response
from tests.contract.tampering import (
    TOKEN,
    Handle,
    Tamper,
    TamperedSandbox,
    answered,
    asked,
    document,
)
from tests.mutants.mutant import Make

Edit = Callable[[Any], Any]

_OPERATIONS = {one.path: one.id for one in operations().values()}


def path(request: Request) -> str:
    """Give the path of a request below the base URL."""
    return request.url.partition("/api/v1")[2].partition("?")[0]


def operation(request: Request) -> str:
    """Name the operation that a request is for, by its path; an empty text for none."""
    return _OPERATIONS.get(path(request), "")


def by(request: Request) -> str:
    """Give the header that says who asks; names are in lower case only where a socket was."""
    return {name.lower(): value for name, value in request.headers.items()}.get("authorization", "")


def with_token(request: Request, token: str) -> Request:
    """Give a request as if another account had made it."""
    others = {
        name: value for name, value in request.headers.items() if name.lower() != "authorization"
    }
    return evolve(request, headers={**others, "authorization": f"Token {token}"})


def sent_to(request: Request, name: str) -> Request:
    """Give a request to another operation."""
    return evolve(request, url=request.url.replace(path(request), operations()[name].path))


def refusal(response: Response, status: int, code: str) -> Response:
    """Give a refusal in place of an answer."""
    body = {"success": False, "msg": {"error": "No", "code": code}}
    return answered(response, body, status=status)


# ---------------------------------------------------------------------------------------- answers


def answers(names: str, change: Callable[[Response], Response]) -> Make:
    """Change every answer of some operations; of all when no name is given."""
    chosen = names.split()

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        if chosen and operation(request) not in chosen:
            return response
        return change(response)

    return lambda _: tamper


def edited(names: str, edit: Edit) -> Make:
    """Change what successful answers carry in `data`."""

    def change(response: Response) -> Response:
        body = document(response)
        if response.status != 200 or body is None:
            return response
        return answered(response, {**body, "data": edit(body["data"])})

    return answers(names, change)


def rewritten(names: str, pattern: bytes, text: bytes) -> Make:
    """Change the bytes of successful answers."""

    def change(response: Response) -> Response:
        if response.status != 200:
            return response
        return answered(response, re.sub(pattern, text, response.content, flags=re.DOTALL))

    return answers(names, change)


def refused_as(names: str, old: int, new: int, content: bytes | None = None) -> Make:
    """Give answers of one status another one, and other bytes."""

    def change(response: Response) -> Response:
        if response.status != old:
            return response
        return answered(response, response.content if content is None else content, status=new)

    return answers(names, change)


def headers(names: str, change: Callable[[dict[str, str]], dict[str, str]]) -> Make:
    """Change the headers of answers."""
    return answers(names, lambda response: evolve(response, headers=change(dict(response.headers))))


def remembered(names: str, key: Callable[[Request], object] | None = None) -> Make:
    """Answer what was answered to the first request that was alike: in all, or in its key."""
    chosen = names.split()

    def make(_: TamperedSandbox) -> Tamper:
        seen: dict[object, Response] = {}

        def tamper(request: Request, handle: Handle) -> Response:
            if operation(request) not in chosen:
                return handle(request)
            alike = key(request) if key else (request.url.lower(), request.content, by(request))
            which = (operation(request), alike)
            response = seen.get(which) or handle(request)
            if response.status == 200:
                seen[which] = response
            return response

        return tamper

    return make


def without(name: str) -> Edit:
    """Leave a field out."""
    return lambda data: {key: value for key, value in data.items() if key != name}


def each(edit: Edit) -> Edit:
    """Change each entry of a list."""
    return lambda data: [edit(entry) for entry in data]


def with_(name: str, change: Edit) -> Edit:
    """Change a field."""
    return lambda data: {**data, name: change(data[name])}


# --------------------------------------------------------------------------------------- requests


def requests(names: str, change: Callable[[Request], Request]) -> Make:
    """Change requests before the exchange sees them."""
    chosen = names.split()
    return lambda _: (
        lambda request, handle: handle(change(request) if operation(request) in chosen else request)
    )


def lenient(names: str, repair: Edit) -> Make:
    """Repair the body of a request before it is checked, as a lenient server would."""

    def change(request: Request) -> Request:
        body = document(request)
        return asked(request, repair(body)) if isinstance(body, dict) else request

    return requests(names, change)


def queried(names: str, pattern: str, text: str) -> Make:
    """Repair the query of a request before it is checked."""

    def change(request: Request) -> Request:
        where, _, query = request.url.partition("?")
        query = re.sub(pattern, text, query)
        return evolve(request, url=f"{where}?{query}" if query else where)

    return requests(names, change)


def refuses(names: str, pattern: str, status: int, code: str) -> Make:
    """Refuse what should be accepted, where the query or the body has the pattern in it."""
    chosen = names.split()

    def tamper(request: Request, handle: Handle) -> Response:
        response = handle(request)
        said = request.url.partition("?")[2] + request.content.decode("utf-8", "replace")
        if operation(request) not in chosen or response.status != 200:
            return response
        return refusal(response, status, code) if re.search(pattern, said) else response

    return lambda _: tamper


# ----------------------------------------------------------------------------------- the exchange


def core(wrong: Callable[[TamperedSandbox], None]) -> Make:
    """Break the exchange itself."""

    def make(sandbox: TamperedSandbox) -> Tamper:
        wrong(sandbox)
        return lambda request, handle: handle(request)

    return make


def after(names: str, status: int, do: Callable[[TamperedSandbox, Request], object]) -> Make:
    """Do something to the exchange after each answer of this status."""
    chosen = names.split()

    def make(sandbox: TamperedSandbox) -> Tamper:
        def tamper(request: Request, handle: Handle) -> Response:
            response = handle(request)
            if operation(request) in chosen and response.status == status:
                do(sandbox, request)
            return response

        return tamper

    return make


def account(request: Request) -> str:
    """Name the account that asks."""
    return "demo" if TOKEN in by(request) else "other"
