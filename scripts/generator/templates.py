"""Edits of the generator's own templates: the few lines that must differ, each with its reason.

Whole templates are not copied. Each edit must find its text exactly once in the pinned generator's
template, so an upgrade that changes that line is noticed.
"""

import shutil
from importlib.resources import files
from pathlib import Path
from typing import Final

from scripts.generator.pins import GenerationError

_HERE = Path(__file__).parent

# template: (what stands there, what shall stand there)
_EDITS: Final[dict[str, list[tuple[str, str]]]] = {
    "client.py.jinja": [
        # Nothing that may hold the token is printed: the client puts it into the headers by itself.
        (
            '"token": namespace(type="str", default="",',
            '"token": namespace(type="str", default="field(repr=False)",',
        ),
        ('kw_only=True, alias="headers")', 'kw_only=True, repr=False, alias="headers")'),
        ('kw_only=True, alias="cookies")', 'kw_only=True, repr=False, alias="cookies")'),
        ('kw_only=True, alias="httpx_args")', 'kw_only=True, repr=False, alias="httpx_args")'),
        # The exchange's scheme is `Authorization: Token …`, not Bearer.
        (
            "default='\"Bearer\"'",
            "default='\"Token\"'",
        ),
    ],
    "model.py.jinja": [
        # A field may be named like its model (Volume.volume): keep the two variables apart.
        (
            "{% set module_name = model.class_info.module_name %}",
            '{% set module_name = "model_" %}',
        ),
    ],
    "endpoint_module.py.jinja": [
        ("from ... import errors\n", "from ... import errors, exact_json\n"),
        # For who has decoded and checked the body already: bytes are read once.
        (
            "\ndef _parse_response(",
            """
{% for response in endpoint.responses.patterns %}
{% if response.status_code.range == (200, 200) %}
{% set answer = response.prop.get_type_string() | as_unembedded_code %}
def _parse_success(body: dict[str, Any]) -> {{ answer }}:
    return {{ answer }}.from_dict(body)
{% endif %}
{% endfor %}

def _parse_response(""",
        ),
        # A body that isn't given has no content type either; the macro below writes both.
        (
            """    {{ body_to_kwarg(body) | indent(4) }}
    {%- if body.content_type == "multipart/form-data" %}
    headers["Content-Type"] = "multipart/form-data; boundary=+++"
    {% else %}
""",
            """    {{ body_to_kwarg(body) | indent(4) }}
    {%- if body.content_type == "multipart/form-data" %}
    headers["Content-Type"] = "multipart/form-data; boundary=+++"
    {% elif body.body_type != "json" %}
""",
        ),
    ],
    "endpoint_macros.py.jinja": [
        # Requests: bytes with each digit as it is, instead of `json=`, which knows floats only.
        (
            """{% import "property_templates/" + property.template as prop_template %}
{% if prop_template.transform %}
{{ prop_template.transform(property, property.python_name, "_kwargs[\\"json\\"]", \
skip_unset=True, declare_type=False) }}
{% elif property.required %}
_kwargs["json"] = {{ property.python_name }}
{% else %}
if not isinstance({{property.python_name}}, Unset):
    _kwargs["json"] = {{ property.python_name }}
{% endif %}
""",
            """{% if property.required %}
_kwargs["content"] = exact_json.dumps({{ property.python_name }}.to_dict())
headers["Content-Type"] = "{{ body.content_type | in_double_quote_literal }}"
{% else %}
if not isinstance({{ property.python_name }}, Unset):
    _kwargs["content"] = exact_json.dumps({{ property.python_name }}.to_dict())
    headers["Content-Type"] = "{{ body.content_type | in_double_quote_literal }}"
{% endif %}
""",
        ),
    ],
}


def write_templates(folder: Path) -> None:
    """Write the edited templates, and our own of a Decimal, for the generator to prefer."""
    stock = files("openapi_python_client") / "templates"
    for name, edits in _EDITS.items():
        text = (stock / name).read_text(encoding="utf-8")
        for old, new in edits:
            if text.count(old) != 1:
                raise GenerationError(
                    f"the generator's template {name} has changed: no more {old!r}"
                )
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    own = folder / "property_templates"
    own.mkdir()
    shutil.copy(_HERE / "decimal_property.py.jinja", own)
