"""The report for people: one page that needs nothing from elsewhere."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from coinbtr.contract.reports.summary import Summary


def page(told: Summary) -> str:
    """Give the page."""
    return _template().render(told=told)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = files("coinbtr.contract.reports").joinpath("page.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(text)
