from http import HTTPStatus
from typing import Any

import httpx

from ... import errors, exact_json
from ...client import AuthenticatedClient, Client
from ...models.deposit_address_answer import DepositAddressAnswer
from ...models.error import Error
from ...types import UNSET, Response


def _get_kwargs(
    *,
    coin: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["coin"] = coin

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/wallet/getdepositaddress",
        "params": params,
    }

    return _kwargs


def _parse_success(body: dict[str, Any]) -> DepositAddressAnswer:
    return DepositAddressAnswer.from_dict(body)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DepositAddressAnswer | Error | None:
    if response.status_code == 200:
        response_200 = DepositAddressAnswer.from_dict(exact_json.loads(response.content))

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(exact_json.loads(response.content))

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(exact_json.loads(response.content))

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(exact_json.loads(response.content))

        return response_403

    if response.status_code == 404:
        response_404 = Error.from_dict(exact_json.loads(response.content))

        return response_404

    if response.status_code == 422:
        response_422 = Error.from_dict(exact_json.loads(response.content))

        return response_422

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
) -> Response[DepositAddressAnswer | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    coin: str,
) -> Response[DepositAddressAnswer | Error]:
    """Get the deposit address of a coin

     The address that funds the account's wallet of one coin. Asking again gives the same address. A coin
    that takes no
    deposits by address (MXN) is refused with `deposit_unavailable`.

    Args:
        coin (str): The symbol of a coin, in any case.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DepositAddressAnswer | Error]
    """

    kwargs = _get_kwargs(
        coin=coin,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    coin: str,
) -> DepositAddressAnswer | Error | None:
    """Get the deposit address of a coin

     The address that funds the account's wallet of one coin. Asking again gives the same address. A coin
    that takes no
    deposits by address (MXN) is refused with `deposit_unavailable`.

    Args:
        coin (str): The symbol of a coin, in any case.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DepositAddressAnswer | Error
    """

    return sync_detailed(
        client=client,
        coin=coin,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    coin: str,
) -> Response[DepositAddressAnswer | Error]:
    """Get the deposit address of a coin

     The address that funds the account's wallet of one coin. Asking again gives the same address. A coin
    that takes no
    deposits by address (MXN) is refused with `deposit_unavailable`.

    Args:
        coin (str): The symbol of a coin, in any case.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DepositAddressAnswer | Error]
    """

    kwargs = _get_kwargs(
        coin=coin,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    coin: str,
) -> DepositAddressAnswer | Error | None:
    """Get the deposit address of a coin

     The address that funds the account's wallet of one coin. Asking again gives the same address. A coin
    that takes no
    deposits by address (MXN) is refused with `deposit_unavailable`.

    Args:
        coin (str): The symbol of a coin, in any case.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DepositAddressAnswer | Error
    """

    return (
        await asyncio_detailed(
            client=client,
            coin=coin,
        )
    ).parsed
