"""The generated client's classes show no token, and the models hold no float."""

import pkgutil
import typing
from decimal import Decimal
from importlib import import_module

import attrs
import coinbtr_api.models
import httpx
import pytest
from coinbtr_api import AuthenticatedClient, Client

MODELS = [
    getattr(import_module(f"coinbtr_api.models.{module.name}"), name)
    for module in pkgutil.iter_modules(coinbtr_api.models.__path__)
    for name in vars(import_module(f"coinbtr_api.models.{module.name}"))
    if name.replace("_", "").lower() == module.name.replace("_", "")
]


def annotations(model: type) -> dict[str, object]:
    """A model's annotations with its imports, those for type checkers too, resolved."""
    names = {other.__name__: other for other in MODELS}
    return typing.get_type_hints(model, localns=names)


def parts(annotation: object) -> set[object]:
    """The types that an annotation is made of, however nested."""
    inner = typing.get_args(annotation)
    return {annotation}.union(*map(parts, inner)) if inner else {annotation}


def test_there_are_models_to_look_at() -> None:
    """Every exported model is among those that the tests below look at."""
    assert {model.__name__ for model in MODELS} == set(coinbtr_api.models.__all__)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_field_is_a_float(model: type) -> None:
    """Numbers are Decimal or int everywhere."""
    assert not {
        name for name, annotation in annotations(model).items() if float in parts(annotation)
    }


def test_money_is_a_decimal() -> None:
    """The fields that are money have the type Decimal, and may be None where null is allowed."""
    order = annotations(coinbtr_api.models.Order)
    assert {order[name] for name in ("price", "amount", "filled", "initial_amount")} == {Decimal}
    assert annotations(coinbtr_api.models.Ticker)["last"] == Decimal | None


@pytest.fixture(
    params=[
        AuthenticatedClient(base_url="http://127.0.0.1", token="s3cret"),
        AuthenticatedClient(
            base_url="http://127.0.0.1",
            token="s3cret",
            cookies={"session": "s3cret"},
            httpx_args={"auth": ("user", "s3cret")},
        ),
        Client(base_url="http://127.0.0.1", headers={"Authorization": "Token s3cret"}),
    ],
    ids=["token", "arguments", "headers"],
)
def client(request: pytest.FixtureRequest) -> AuthenticatedClient | Client:
    """Clients that hold a secret, wherever one can be put."""
    made: AuthenticatedClient | Client = request.param
    return made


def test_no_secret_is_printed(client: AuthenticatedClient | Client) -> None:
    """Neither a new client nor one that has made its connections shows the token."""
    assert "s3cret" not in repr(client)
    client.get_httpx_client()
    client.get_async_httpx_client()
    assert "s3cret" not in repr(client)
    assert "s3cret" not in str(attrs.evolve(client))


def test_the_token_is_sent_as_the_exchange_wants_it() -> None:
    """`Authorization: Token …` without further arguments."""
    client = AuthenticatedClient(base_url="http://127.0.0.1", token="s3cret")
    request = client.get_httpx_client().build_request("GET", "/")
    assert request.headers["Authorization"] == "Token s3cret"
    assert isinstance(client.get_async_httpx_client(), httpx.AsyncClient)
