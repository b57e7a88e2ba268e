from http import HTTPStatus
from typing import Any

import httpx

from ... import errors, exact_json
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.limit_order_request import LimitOrderRequest
from ...models.placed_order_answer import PlacedOrderAnswer
from ...types import Response


def _get_kwargs(
    *,
    body: LimitOrderRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/trading/place/selllimit",
    }

    _kwargs["content"] = exact_json.dumps(body.to_dict())
    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_success(body: dict[str, Any]) -> PlacedOrderAnswer:
    return PlacedOrderAnswer.from_dict(body)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | PlacedOrderAnswer | None:
    if response.status_code == 200:
        response_200 = PlacedOrderAnswer.from_dict(exact_json.loads(response.content))

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

    if response.status_code == 409:
        response_409 = Error.from_dict(exact_json.loads(response.content))

        return response_409

    if response.status_code == 413:
        response_413 = Error.from_dict(exact_json.loads(response.content))

        return response_413

    if response.status_code == 415:
        response_415 = Error.from_dict(exact_json.loads(response.content))

        return response_415

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
) -> Response[Error | PlacedOrderAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: LimitOrderRequest,
) -> Response[Error | PlacedOrderAnswer]:
    """Place a limit order to sell

     Sells up to `amount` of the market's base coin at `price` or more. `amount` of the base coin is held
    until the order
    is filled or cancelled. What the book can't fill at once rests in it. The answer is the whole order
    as it stands
    after matching. There is no idempotency key: a client must never send the same order again when the
    answer was lost.

    Args:
        body (LimitOrderRequest): A limit order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | PlacedOrderAnswer]
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
    body: LimitOrderRequest,
) -> Error | PlacedOrderAnswer | None:
    """Place a limit order to sell

     Sells up to `amount` of the market's base coin at `price` or more. `amount` of the base coin is held
    until the order
    is filled or cancelled. What the book can't fill at once rests in it. The answer is the whole order
    as it stands
    after matching. There is no idempotency key: a client must never send the same order again when the
    answer was lost.

    Args:
        body (LimitOrderRequest): A limit order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | PlacedOrderAnswer
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: LimitOrderRequest,
) -> Response[Error | PlacedOrderAnswer]:
    """Place a limit order to sell

     Sells up to `amount` of the market's base coin at `price` or more. `amount` of the base coin is held
    until the order
    is filled or cancelled. What the book can't fill at once rests in it. The answer is the whole order
    as it stands
    after matching. There is no idempotency key: a client must never send the same order again when the
    answer was lost.

    Args:
        body (LimitOrderRequest): A limit order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | PlacedOrderAnswer]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: LimitOrderRequest,
) -> Error | PlacedOrderAnswer | None:
    """Place a limit order to sell

     Sells up to `amount` of the market's base coin at `price` or more. `amount` of the base coin is held
    until the order
    is filled or cancelled. What the book can't fill at once rests in it. The answer is the whole order
    as it stands
    after matching. There is no idempotency key: a client must never send the same order again when the
    answer was lost.

    Args:
        body (LimitOrderRequest): A limit order.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | PlacedOrderAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
