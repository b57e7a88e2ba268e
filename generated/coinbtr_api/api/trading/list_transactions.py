from http import HTTPStatus
from typing import Any

import httpx

from ... import errors, exact_json
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.list_request import ListRequest
from ...models.transactions_answer import TransactionsAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: ListRequest | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/trading/listtransactions",
    }

    if not isinstance(body, Unset):
        _kwargs["content"] = exact_json.dumps(body.to_dict())
        headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_success(body: dict[str, Any]) -> TransactionsAnswer:
    return TransactionsAnswer.from_dict(body)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | TransactionsAnswer | None:
    if response.status_code == 200:
        response_200 = TransactionsAnswer.from_dict(exact_json.loads(response.content))

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(exact_json.loads(response.content))

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(exact_json.loads(response.content))

        return response_401

    if response.status_code == 404:
        response_404 = Error.from_dict(exact_json.loads(response.content))

        return response_404

    if response.status_code == 413:
        response_413 = Error.from_dict(exact_json.loads(response.content))

        return response_413

    if response.status_code == 415:
        response_415 = Error.from_dict(exact_json.loads(response.content))

        return response_415

    if response.status_code == 429:
        response_429 = Error.from_dict(exact_json.loads(response.content))

        return response_429

    if response.status_code == 500:
        response_500 = Error.from_dict(exact_json.loads(response.content))

        return response_500

    if response.status_code == 503:
        response_503 = Error.from_dict(exact_json.loads(response.content))

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Error | TransactionsAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: ListRequest | Unset = UNSET,
) -> Response[Error | TransactionsAnswer]:
    """List the account's own trades

     Inferred: the reference names "List Trasactions" and gives nothing else. The trades of the account's
    own orders,
    newest first, of one market or of all. The body may be left out.

    Args:
        body (ListRequest | Unset): Which entries of a list.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | TransactionsAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: ListRequest | Unset = UNSET,
) -> Error | TransactionsAnswer | None:
    """List the account's own trades

     Inferred: the reference names "List Trasactions" and gives nothing else. The trades of the account's
    own orders,
    newest first, of one market or of all. The body may be left out.

    Args:
        body (ListRequest | Unset): Which entries of a list.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | TransactionsAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: ListRequest | Unset = UNSET,
) -> Response[Error | TransactionsAnswer]:
    """List the account's own trades

     Inferred: the reference names "List Trasactions" and gives nothing else. The trades of the account's
    own orders,
    newest first, of one market or of all. The body may be left out.

    Args:
        body (ListRequest | Unset): Which entries of a list.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | TransactionsAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: ListRequest | Unset = UNSET,
) -> Error | TransactionsAnswer | None:
    """List the account's own trades

     Inferred: the reference names "List Trasactions" and gives nothing else. The trades of the account's
    own orders,
    newest first, of one market or of all. The body may be left out.

    Args:
        body (ListRequest | Unset): Which entries of a list.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | TransactionsAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
