from http import HTTPStatus
from typing import Any

import httpx

from ... import errors, exact_json
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.withdrawals_answer import WithdrawalsAnswer
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    coin: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["coin"] = coin

    params["limit"] = limit

    params["offset"] = offset

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/wallet/listwithdraws",
        "params": params,
    }

    return _kwargs


def _parse_success(body: dict[str, Any]) -> WithdrawalsAnswer:
    return WithdrawalsAnswer.from_dict(body)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | WithdrawalsAnswer | None:
    if response.status_code == 200:
        response_200 = WithdrawalsAnswer.from_dict(exact_json.loads(response.content))

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
) -> Response[Error | WithdrawalsAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    coin: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> Response[Error | WithdrawalsAnswer]:
    """List withdrawals

     The account's withdrawals, newest first, of one coin or of all.

    Args:
        coin (str | Unset): The symbol of a coin, in any case.
        limit (int | Unset): How many entries at most; 50 when absent.
        offset (int | Unset): How many of the newest entries to skip; none when absent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | WithdrawalsAnswer]
    """

    kwargs = _get_kwargs(
        coin=coin,
        limit=limit,
        offset=offset,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    coin: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> Error | WithdrawalsAnswer | None:
    """List withdrawals

     The account's withdrawals, newest first, of one coin or of all.

    Args:
        coin (str | Unset): The symbol of a coin, in any case.
        limit (int | Unset): How many entries at most; 50 when absent.
        offset (int | Unset): How many of the newest entries to skip; none when absent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | WithdrawalsAnswer
    """

    return sync_detailed(
        client=client,
        coin=coin,
        limit=limit,
        offset=offset,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    coin: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> Response[Error | WithdrawalsAnswer]:
    """List withdrawals

     The account's withdrawals, newest first, of one coin or of all.

    Args:
        coin (str | Unset): The symbol of a coin, in any case.
        limit (int | Unset): How many entries at most; 50 when absent.
        offset (int | Unset): How many of the newest entries to skip; none when absent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | WithdrawalsAnswer]
    """

    kwargs = _get_kwargs(
        coin=coin,
        limit=limit,
        offset=offset,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    coin: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
) -> Error | WithdrawalsAnswer | None:
    """List withdrawals

     The account's withdrawals, newest first, of one coin or of all.

    Args:
        coin (str | Unset): The symbol of a coin, in any case.
        limit (int | Unset): How many entries at most; 50 when absent.
        offset (int | Unset): How many of the newest entries to skip; none when absent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | WithdrawalsAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            coin=coin,
            limit=limit,
            offset=offset,
        )
    ).parsed
