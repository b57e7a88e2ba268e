"""The report for CI: JUnit XML, with an operation as a test case."""

from xml.etree import ElementTree as ET

from coinbtr.contract.drift import State
from coinbtr.contract.reports.summary import Summary


def document(told: Summary) -> bytes:
    """Give the document: `deviates` is a failure, `unreachable` an error, `not tried` skipped."""
    states = [drift.state for drift, _, __ in told.operations]
    suite = ET.Element(
        "testsuite",
        name="coinbtr contract",
        tests=str(len(states) + 1),
        failures=str(states.count(State.DEVIATES)),
        errors=str(states.count(State.UNREACHABLE) + (told.problem is not None)),
        skipped=str(states.count(State.NOT_TRIED)),
        time=str(told.seconds),
    )
    # A run that came to nothing must not look as if it had passed.
    run = ET.SubElement(suite, "testcase", classname="coinbtr.contract", name="the run")
    if told.problem is not None:
        ET.SubElement(run, "error", message=_clean(told.problem))
    for drift, _, __ in told.operations:
        case = ET.SubElement(
            suite, "testcase", classname=f"coinbtr.contract.{told.profile}", name=drift.operation
        )
        if drift.state is State.NOT_TRIED:
            ET.SubElement(case, "skipped", message=_clean(drift.why or ""))
        elif drift.state in (State.DEVIATES, State.UNREACHABLE):
            kind = "failure" if drift.state is State.DEVIATES else "error"
            found = [one for one, _ in told.findings if one.operation == drift.operation]
            codes = " ".join(dict.fromkeys(one.code for one in found))
            body = ET.SubElement(case, kind, message=_clean(f"{drift.state}: {codes}"))
            body.text = _clean(
                "\n\n".join(
                    f"{one.code} {one.sentence}\n{one.case}\n{one.answer}\n{one.curl}\n{one.facade}"
                    for one in found
                )
            )
    root = ET.Element("testsuites")
    root.append(suite)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _clean(text: str) -> str:
    """Leave out what XML 1.0 can't hold."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
