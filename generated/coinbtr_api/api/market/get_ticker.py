from http import HTTPStatus
from typing import Any

import httpx

from ... import errors, exact_json
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.ticker_answer import TickerAnswer
from ...types import UNSET, Response


def _get_kwargs(
    *,
    market: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["market"] = market

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/market/gettiker",
        "params": params,
    }

    return _kwargs


def _parse_success(body: dict[str, Any]) -> TickerAnswer:
    return TickerAnswer.from_dict(body)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | TickerAnswer | None:
    if response.status_code == 200:
        response_200 = TickerAnswer.from_dict(exact_json.loads(response.content))

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(exact_json.loads(response.content))

        return response_400

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
) -> Response[Error | TickerAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    market: str,
) -> Response[Error | TickerAnswer]:
    """Get the ticker of a market

     The last price, the best prices, and the highest, lowest price and volume of the last 24 hours.
    `tiker` is the wire's
    own spelling.

    Args:
        market (str): The name of a market, base coin first, in any case.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | TickerAnswer]
    """

    kwargs = _get_kwargs(
        market=market,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    market: str,
) -> Error | TickerAnswer | None:
    """Get the ticker of a market

     The last price, the best prices, and the highest, lowest price and volume of the last 24 hours.
    `tiker` is the wire's
    own spelling.

    Args:
        market (str): The name of a market, base coin first, in any case.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | TickerAnswer
    """

    return sync_detailed(
        client=client,
        market=market,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    market: str,
) -> Response[Error | TickerAnswer]:
    """Get the ticker of a market

     The last price, the best prices, and the highest, lowest price and volume of the last 24 hours.
    `tiker` is the wire's
    own spelling.

    Args:
        market (str): The name of a market, base coin first, in any case.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | TickerAnswer]
    """

    kwargs = _get_kwargs(
        market=market,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    market: str,
) -> Error | TickerAnswer | None:
    """Get the ticker of a market

     The last price, the best prices, and the highest, lowest price and volume of the last 24 hours.
    `tiker` is the wire's
    own spelling.

    Args:
        market (str): The name of a market, base coin first, in any case.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | TickerAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            market=market,
        )
    ).parsed
