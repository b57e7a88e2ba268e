"""The texts that `make new-operation` writes, and where in which file they go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from scripts import audit
from scripts.generate import DESCRIPTION
from scripts.places import pages
from scripts.rulings import operations

if TYPE_CHECKING:
    from scripts.new_operation import NewOperation

Edit = tuple[str, str]
"""A file, and its new text."""

# The section of the corrections before which those of single operations stand.
_GENERAL: Final = " operations: failures of all\n"

# How the facade, the command and a test take the parameters that operations share.
_TAKEN: Final = {
    "Market": ("book: str", "market=to_market(book)", "book: Book = None", "desk.book(book)"),
    "Coin": ("coin: str", "coin=to_coin(coin)", "coin: Coin", "coin"),
}
_TRIED: Final = {"Market": ('"btc-mxn"', 'market="btc-mxn"'), "Coin": ('"btc"', 'coin="btc"')}


def description_stubs(operation: NewOperation, root: Path) -> Iterator[Edit]:
    """The description with the operation, its answer and its ruling; the correction; the pages."""
    text = (root / DESCRIPTION).read_text(encoding="utf-8")
    schemas = yaml.safe_load(text)["components"]["schemas"]
    start = text.index(f"- {operation.tag}\n", text.index("\npaths:\n"))
    ends = [text.find(mark, start) for mark in ("\n  # ---", "\ncomponents:\n")]
    end = min(one for one in ends if one >= 0) + 1
    text = text[:end] + _path(operation) + text[end:]
    envelope = f"{operation.answer}Answer"
    new = _schema(operation, operation.answer) if operation.answer not in schemas else ""
    new += _envelope(operation) if envelope not in schemas else ""
    text = text.replace("# Error codes: an open list.", f"{new}# Error codes: an open list.", 1)
    yield str(DESCRIPTION), text.rstrip("\n") + "\n" + _ruling(operation)
    corrections = (root / audit.CORRECTIONS).read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    described = audit.told(document)
    before = corrections.index(_GENERAL)
    before = corrections.rindex("\n  # ---", 0, before)
    correction = _correction(operation, described, set(schemas))
    yield str(audit.CORRECTIONS), corrections[:before] + correction + corrections[before:]
    yield from pages.recounted(root, len(list(operations(document))))


def _path(operation: NewOperation) -> str:
    lines = [
        f"  {operation.path}:",
        f"    {operation.method.lower()}:",
        f"      operationId: {operation.id}",
        f"      tags: [{operation.tag}]",
        f'      summary: "{operation.todo}: what it does, in a few words"',
        "      description: |",
        f"        {operation.todo}: what one gets, and when it is refused.",
        f"      x-effect: {operation.effect}",
        f"      x-provenance: {operation.provenance}",
    ]
    secured = operation.tag != "market"
    lines += ["      security:", "        - token: []"] if secured else ["      security: []"]
    statuses = ["400", "429", "500", "503"] + (["401"] if secured else [])
    if operation.method == "GET" and operation.takes:
        lines.append("      parameters:")
        lines += [f'        - {{$ref: "#/components/parameters/{one}"}}' for one in operation.takes]
    if operation.method == "POST":
        statuses += ["413", "415"]
        body = operation.takes[0] if operation.takes else "ListRequest"
        lines += [
            "      requestBody:",
            "        required: true",
            f'        description: "{operation.todo}: what is sent."',
            "        content:",
            "          application/json:",
            f'            schema: {{$ref: "#/components/schemas/{body}"}}',
            "            examples:",
            "              one:",
            f'                summary: "{operation.todo}: an example"',
            "                value: {}",
        ]
    statuses += ["404"] if operation.takes else []
    statuses += ["403"] if operation.effect != "read" else []
    lines += [
        "      responses:",
        '        "200":',
        f'          description: "{operation.todo}: what it is."',
        "          content:",
        "            application/json:",
        f'              schema: {{$ref: "#/components/schemas/{operation.answer}Answer"}}',
        "              examples:",
        "                one:",
        f'                  summary: "{operation.todo}: an example"',
        '                  value: {success: true, msg: "", data: {}}',
    ]
    lines += [
        f'        "{one}": {{$ref: "#/components/responses/{_STATUSES[one]}"}}'
        for one in sorted(statuses)
    ]
    return "\n".join(lines) + "\n"


_STATUSES: Final = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "413": "ContentTooLarge",
    "415": "UnsupportedMediaType",
    "429": "TooManyRequests",
    "500": "InternalServerError",
    "503": "ServiceUnavailable",
}


def _schema(operation: NewOperation, name: str) -> str:
    return f"""\
    {name}:
      description: "{operation.todo}: what it is; then its fields, each with x-provenance."
      type: object
      required: []
      properties: {{}}
"""


def _envelope(operation: NewOperation) -> str:
    return f"""\
    {operation.answer}Answer:
      description: A successful answer.
      type: object
      required: [success, msg, data]
      properties:
        success: {{$ref: "#/components/schemas/Success"}}
        msg: {{$ref: "#/components/schemas/Message"}}
        data:
          $ref: "#/components/schemas/{operation.answer}"
          x-provenance: {operation.provenance}
"""


def _ruling(operation: NewOperation) -> str:
    todo = operation.todo
    return f"""\
  {operation.ruling}:
    title: "{todo}: what it is about"
    lines: ["{operation.lines}"]
    says: "{todo}: what the reference says of it."
    evidence: "{todo}: what speaks for the decision."
    decision: "{todo}: what is decided; the path is {operation.path}."
    means: "{todo}: what follows for a user."
    confidence: assumed
"""


def _correction(operation: NewOperation, described: dict[str, Any], had: set[str]) -> str:
    """The actions that add the operation to the reference as documented."""
    method = operation.method.lower()
    item = described["paths"][operation.path][method]
    # Those that all operations have come by actions of their own.
    general = {"400", "401", "413", "415", "429", "500", "503"}
    item["responses"] = {k: v for k, v in item["responses"].items() if k not in general}
    schemas = described["components"]["schemas"]
    added = {name: schema for name, schema in schemas.items() if name not in had}
    updates = {"$.paths": {operation.path: {method: item}}, "$.components.schemas": added}
    return "".join(
        f"  - target: {target}\n"
        f"    description: {operation.id} is not in the reference.\n"
        f"    x-ruling: [{operation.ruling}]\n"
        f"    update:\n{_indented(update)}"
        for target, update in updates.items()
        if update
    )


def _indented(value: object) -> str:
    text = yaml.safe_dump(value, default_flow_style=None, sort_keys=False, width=110)
    return "".join(f"      {line}\n" for line in text.rstrip().splitlines())


def python_stubs(operation: NewOperation, root: Path) -> Iterator[Edit]:
    """The files of the facade, the sandbox, the contract test, the command and the tests."""
    name_of, tag, name, module = operation.id, operation.tag, operation.name, operation.module
    taken = [_TAKEN[one] for one in operation.takes if one in _TAKEN]
    tried = [_TRIED[one] for one in operation.takes if one in _TRIED]
    unknown = [one for one in operation.takes if one not in _TAKEN]
    more = f"  # {operation.todo}: take {', '.join(unknown)}, too" if unknown else ""
    yield _in_class(
        root,
        f"coinbtr/_async/{tag}.py",
        f"Async{tag.capitalize()}",
        f'''
    async def {name}(self{"".join(f", {one[0]}" for one in taken)}) -> {operation.answer}:{more}
        """{operation.todo}: what you get.

        Inferred: the reference has no such operation, so the first call warns
        (InferredOperationWarning).
        Source: reference lines {operation.lines}; ruling {operation.ruling}.

        Raises:
            CoinBTRError: what any call may raise; see coinbtr.errors.
        """
        answer = await self._seam.call(
            "{name_of}",
            api.{module}._get_kwargs({", ".join(one[1] for one in taken)}),
            api.{module}._parse_success,
        )
        raise NotImplementedError("{operation.todo}: make the result of", answer.data)
''',
    )
    yield _in_class(
        root,
        "coinbtr/_async/raw.py",
        f"AsyncRaw{tag.capitalize()}",
        f"        self.{name} = _raw({tag}.{name})\n",
    )
    yield _at_end(
        root,
        f"coinbtr/sandbox/handlers/{tag}.py",
        f'''

def {module}(call: Call) -> object:
    """Answer `{name_of}`."""
    raise NotImplementedError("{operation.todo}: what the exchange answers")
''',
    )
    handlers = "coinbtr/sandbox/handlers/__init__.py"
    yield _in_table(root, handlers, "HANDLERS", f'        "{name_of}": {tag}.{module},\n')
    answers = "coinbtr/contract/model/answers.py"
    file, text = _in_table(root, answers, "_ANSWERS", f'    "{name_of}": _{module},\n')
    stub = f'''def _{module}(exchange: Exchange, who: Who, given: Arguments) -> Any:
    raise NotImplementedError("{operation.todo}: what the model predicts", exchange, who, given)


def _constant('''
    yield file, text.replace("def _constant(", stub, 1)
    shown = ", ".join(one[1].partition("=")[0] for one in taken)
    call = f"{tag}.{name}({{{shown}}})" if shown else f"{tag}.{name}()"
    yield _in_table(
        root, "coinbtr/contract/model/script.py", "_FACADE", f'    "{name_of}": "{call}",\n'
    )
    yield _at_end(
        root,
        f"coinbtr/cli/{tag}.py",
        f'''

@{tag}.reads("{name.replace("_", "-")}", "coinbtr {name.replace("_", "-")}")
def {name}(desk: "Desk"{"".join(f", {one[2]}" for one in taken)}) -> Any:
    """{operation.todo}: what it shows."""
    return desk.exchange.{tag}.{name}({", ".join(one[3] for one in taken)})
''',
    )
    arguments = ", ".join(one[0] for one in tried)
    yield _in_table(
        root,
        "tests/facade/scripted.py",
        "CALLS",
        f'    "{name_of}": ("{tag}.{name}", lambda c: c.{tag}.{name}({arguments})),\n',
    )
    tried_there = "".join(f", {one[0]}" for one in tried)
    row = f'    "{name_of}": ("{name.replace("_", "-")}"{tried_there or ","}),\n'
    yield _in_table(root, "tests/cli/test_operations.py", "COMMANDS", row)
    sent = "".join(f", {one[1]}" for one in tried)
    yield _in_table(
        root,
        "tests/sandbox/test_description_served.py",
        "CALLS",
        f'    "{name_of}": lambda c: c.{operation.method.lower()}("{operation.path}"{sent}),\n',
    )
    row = f'    ("{tag}", "{operation.method}", "{operation.path}", "{operation.effect}"),\n'
    yield _in_table(root, "tests/description/test_completeness.py", "EXPECTED", row)


def _at_end(root: Path, file: str, addition: str) -> Edit:
    return file, (root / file).read_text(encoding="utf-8") + addition


def _in_class(root: Path, file: str, name: str, addition: str) -> Edit:
    text = (root / file).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return file, _inserted(text, node.end_lineno or 0, addition)
    raise ValueError(f"{file} has no class {name}")


def _in_table(root: Path, file: str, name: str, addition: str) -> Edit:
    """A file with one entry more at the end of the dictionary or set of this name."""
    text = (root / file).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if any(isinstance(one, ast.Name) and one.id == name for one in targets):
            for one in ast.walk(node):
                if isinstance(one, ast.Dict | ast.Set):
                    return file, _inserted(text, (one.end_lineno or 1) - 1, addition)
    raise ValueError(f"{file} has no table {name}")


def _inserted(text: str, line: int, addition: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:line], addition, *lines[line:]])
