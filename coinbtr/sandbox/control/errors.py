"""What the control plane refuses, as exceptions with a code of its description."""


class ControlError(Exception):
    """Something was asked of the control plane that it can't do; nothing has changed.

    Attributes:
        code: why, in one word that programs read.
        sentence: why, in one sentence.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


class Unknown(ControlError, LookupError):  # noqa: N818 - an answer, not a mistake of the sandbox
    """There is no account, token, transfer, snapshot or fault of that name or number."""


class NotPossible(ControlError, ValueError):  # noqa: N818 - as above
    """It can't be done in this state, or with this value."""
