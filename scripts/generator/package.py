"""Run the pinned generator over the description and complete what it wrote."""

import contextlib
import io
import shutil
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final
from unittest.mock import patch

import openapi_python_client
from openapi_python_client.cli import handle_errors
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import responses
from typer import Exit

from scripts.generator.decimals import exact_decimals
from scripts.generator.inits import write_inits
from scripts.generator.operations import read_operations, render_operations
from scripts.generator.pins import GenerationError, format_python
from scripts.generator.prepared import write_prepared
from scripts.generator.shapes import render_shapes
from scripts.generator.templates import write_templates

_HERE: Final = Path(__file__).parent
PACKAGE: Final = "coinbtr_api"


def write_package(description: Path, folder: Path) -> None:
    """Write the whole low-level client into `folder`, formatted.

    Raises:
        GenerationError: if the generator warns of anything, or an operation is lost.
    """
    operations = read_operations(description)
    _run_generator(description, folder)
    for operation in operations:
        if not (folder / operation.file).is_file():
            raise GenerationError(
                f"{operation.operation_id} was lost: there is no {operation.file}"
            )
    modules = [path for path in folder.glob("api/*/*.py") if path.name != "__init__.py"]
    if len(modules) != len(operations):
        raise GenerationError(f"{len(operations)} operations became {len(modules)} modules")
    for module in ("exact_json.py", "lazy.py"):
        shutil.copyfile(_HERE / module, folder / module)
    write_inits(folder, operations)
    (folder / "operations.py").write_text(render_operations(operations), encoding="utf-8")
    (folder / "shapes.py").write_text(render_shapes(description), encoding="utf-8")
    write_prepared(description.parent, folder / "descriptions")
    (folder / "py.typed").touch()
    format_python(folder)


def _run_generator(description: Path, folder: Path) -> None:
    config = Config.from_sources(
        ConfigFile(post_hooks=[], package_name_override=PACKAGE),
        MetaType.NONE,
        description,
        "utf-8",
        overwrite=True,
        output_path=folder,
    )
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as templates:
        write_templates(Path(templates))
        try:
            with (
                contextlib.redirect_stdout(said),
                contextlib.redirect_stderr(said),
                exact_decimals(),
                _exact_answers(),
            ):
                errors = openapi_python_client.generate(
                    config=config, custom_template_path=Path(templates)
                )
                # An operation that it can't make is but a warning to it, and its exit status 0.
                handle_errors(errors, fail_on_warning=True)
        except Exit:
            raise GenerationError(said.getvalue().strip()) from None


def _exact_answers() -> AbstractContextManager[object]:
    """Within this block generated parsers read bytes exactly, not by `response.json()`."""
    return patch.dict(responses.JSON_SOURCE, attribute="exact_json.loads(response.content)")
