from http import HTTPStatus
from typing import Any

import httpx

from ... import errors, exact_json
from ...client import AuthenticatedClient, Client
from ...models.balances_answer import BalancesAnswer
from ...models.error import Error
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/wallet/listbalances",
    }

    return _kwargs


def _parse_success(body: dict[str, Any]) -> BalancesAnswer:
    return BalancesAnswer.from_dict(body)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> BalancesAnswer | Error | None:
    if response.status_code == 200:
        response_200 = BalancesAnswer.from_dict(exact_json.loads(response.content))

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(exact_json.loads(response.content))

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(exact_json.loads(response.content))

        return response_401

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
) -> Response[BalancesAnswer | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[BalancesAnswer | Error]:
    """List the balances of all coins

     One balance for each coin of the exchange, those of zero included, with its deposit address.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BalancesAnswer | Error]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
) -> BalancesAnswer | Error | None:
    """List the balances of all coins

     One balance for each coin of the exchange, those of zero included, with its deposit address.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BalancesAnswer | Error
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[BalancesAnswer | Error]:
    """List the balances of all coins

     One balance for each coin of the exchange, those of zero included, with its deposit address.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BalancesAnswer | Error]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
) -> BalancesAnswer | Error | None:
    """List the balances of all coins

     One balance for each coin of the exchange, those of zero included, with its deposit address.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BalancesAnswer | Error
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
