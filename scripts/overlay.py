"""`make overlay FILE=…`: apply an OpenAPI Overlay to openapi/coinbtr.yaml, then generate.

The file keeps its comments and its layout: only what the overlay's targets select is written anew.
An action may name the ruling it rests on (`x-ruling: R064`): a ruling that isn't there yet is
recorded as a stub of confidence `observed`, for a person to decide. Nothing is written if the
overlay can't be applied.
"""

import argparse
import io
import sys
from pathlib import Path
from typing import Any, Final

from oas_patch.validator import validate
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from coinbtr import description
from coinbtr.contract.overlay import apply
from scripts import generate
from scripts.stubs import record

_WIDTH: Final = 1_000_000
_VALID: Final = "Validation successful"


def applied(text: str, overlay: Any) -> str:
    """Give the text of a description with an overlay applied to it.

    Raises:
        ValueError: it is no overlay, or a target of it selects nothing.
    """
    said = validate(overlay, "sh")
    if said != _VALID:
        raise ValueError(said)
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text)
    record(document, overlay)
    apply(document, overlay)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(prog="overlay", description=__doc__)
    parser.add_argument("file", type=Path, help="the overlay")
    parser.add_argument("--root", type=Path, default=generate.ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    target: Path = options.root / generate.DESCRIPTION
    try:
        overlay = description.parse(options.file.read_bytes())
        if not isinstance(overlay, dict):
            raise ValueError("it is no overlay")
        text = applied(target.read_text(encoding="utf-8"), overlay)
    except (OSError, ValueError, YAMLError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 1
    target.write_text(text, encoding="utf-8")
    print(f"{target.relative_to(options.root)}: overlay applied; review the difference")
    # Examples, say, are still those of the old description: a person has to look at them.
    return generate.main(["--lint-later", "--root", str(options.root)])


if __name__ == "__main__":
    sys.exit(main())
