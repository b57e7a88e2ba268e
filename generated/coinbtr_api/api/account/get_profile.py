from http import HTTPStatus
from typing import Any

import httpx

from ... import errors, exact_json
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.profile_answer import ProfileAnswer
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/wallet/user/profile",
    }

    return _kwargs


def _parse_success(body: dict[str, Any]) -> ProfileAnswer:
    return ProfileAnswer.from_dict(body)


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | ProfileAnswer | None:
    if response.status_code == 200:
        response_200 = ProfileAnswer.from_dict(exact_json.loads(response.content))

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
) -> Response[Error | ProfileAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[Error | ProfileAnswer]:
    """Get the profile of the account

     The account that the token belongs to: its user name, e-mail address, fee level and age. The
    reference gives the
    path and nothing of the answer.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | ProfileAnswer]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
) -> Error | ProfileAnswer | None:
    """Get the profile of the account

     The account that the token belongs to: its user name, e-mail address, fee level and age. The
    reference gives the
    path and nothing of the answer.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | ProfileAnswer
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[Error | ProfileAnswer]:
    """Get the profile of the account

     The account that the token belongs to: its user name, e-mail address, fee level and age. The
    reference gives the
    path and nothing of the answer.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | ProfileAnswer]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
) -> Error | ProfileAnswer | None:
    """Get the profile of the account

     The account that the token belongs to: its user name, e-mail address, fee level and age. The
    reference gives the
    path and nothing of the answer.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | ProfileAnswer
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
