"""Expected refusals. They are values of the domain, mapped once to answers in `core.web.errors`.

A refusal carries a sentence for a person, already translated (the caller wraps it in gettext),
and a `code` for machines that never changes with the language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Refused(Exception):
    """Something was asked that the rules do not allow. Answered with 409 unless a kind says otherwise."""

    status = 409
    code = "refused"

    def __init__(self, sentence: str = "", *, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if code is not None:
            self.code = code


class SignInNeeded(Refused):
    """Nobody is signed in, or the visit has ended. 401 for the API, the sign-in page for people."""

    status = 401
    code = "sign-in-needed"


class ProofNeeded(Refused):
    """The act needs the holder's own factor, fresh. 403, or the page that asks for it."""

    status = 403
    code = "own-factor-needed"


class PersonNeeded(Refused):
    """Behind a shared mailbox one has to say who one is. 403, or the page that asks."""

    status = 403
    code = "person-needed"


class NotAllowed(Refused):
    """This person may not do this. 403."""

    status = 403
    code = "not-allowed"


class NotVisible(Refused):
    """There is nothing here that this person may see; whether there is anything is not said. 404."""

    status = 404
    code = "not-found"


class MoveRefused(Refused):
    """A workflow does not allow this move from where it stands. 409 with the moves that are allowed."""

    status = 409
    code = "move-refused"

    def __init__(
        self, sentence: str = "", *, code: str | None = None, allowed: Sequence[str] = ()
    ) -> None:
        super().__init__(sentence, code=code)
        self.allowed = list(allowed)


class Conflict(Refused):
    """Someone else changed it first. 409."""

    status = 409
    code = "conflict"


class Invalid(Refused):
    """What was typed cannot be taken. 422 with a sentence per field; nothing typed is lost."""

    status = 422
    code = "invalid"

    def __init__(self, problems: Mapping[str, str], sentence: str = "") -> None:
        super().__init__(sentence, code="invalid")
        self.problems = dict(problems)


class TooMany(Refused):
    """Asked too often. 429 with how long to wait."""

    status = 429
    code = "too-many"

    def __init__(self, sentence: str = "", *, wait_seconds: int = 60) -> None:
        super().__init__(sentence, code="too-many")
        self.wait_seconds = wait_seconds
