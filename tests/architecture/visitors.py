"""How each rule of access meets each visitor; a visitor not named gets what `"*"` says."""

from __future__ import annotations

IN = "in"
SIGN_IN = "sign in"
SAY_WHO = "say who you are"
PROVE = "show your own code"
REFUSED = "refused"
OPEN_LINK = "open your link"

VISITORS = (
    "anonymous",
    "behind a mailbox",
    "without a seat",
    "focal point",
    "focal point, just proved",
    "deputy",
    "organisation",
    "former secretariat, just proved",
    "authorising",
    "authorising, just proved",
    "secretariat",
    "secretariat, proved this morning",
    "secretariat, just proved",
    "secretariat, with an enrolment code",
    "triage",
    "triage, just proved",
    "administrator",
    "administrator, just proved",
    "protection",
    "protection, just proved",
    "protection named by one person, just proved",
)

TOKENS = ("a focal point's token", "a secretariat token", "an ended token")

_NOBODY = {"anonymous": SIGN_IN, "behind a mailbox": SAY_WHO, "an ended token": SIGN_IN}

_SECRETARIAT = {
    "secretariat": PROVE,
    "secretariat, with an enrolment code": PROVE,
    "secretariat, proved this morning": PROVE,
    "secretariat, just proved": IN,
}
_SECRETARIAT_AT_WORK = _SECRETARIAT | {
    "secretariat, proved this morning": IN,
    "a secretariat token": IN,
}
_TRIAGE = {"triage": PROVE, "triage, just proved": IN}
_PROTECTION = {"protection": PROVE, "protection, just proved": IN}

_WRITERS = {
    "focal point": IN,
    "focal point, just proved": IN,
    "deputy": IN,
    "organisation": IN,
    "a focal point's token": IN,
}
_AUTHORISING = {"authorising": PROVE, "authorising, just proved": IN}

ANSWERS: dict[str, dict[str, str]] = {
    "anyone": {"*": IN},
    "this machine": {"*": IN},
    "link holder": {"*": OPEN_LINK},
    "applicant": {"*": OPEN_LINK},
    "link bearer": {
        "*": SIGN_IN,
        "a focal point's token": REFUSED,
        "a secretariat token": REFUSED,
    },
    "token: administrator, secretariat": {
        "*": SIGN_IN,
        "a focal point's token": REFUSED,
        "a secretariat token": IN,
    },
    "token: authorising, deputy, focal_point, secretariat": {
        "*": SIGN_IN,
        "a focal point's token": IN,
        "a secretariat token": IN,
    },
    "token: authorising, deputy, focal_point": {
        "*": SIGN_IN,
        "a focal point's token": IN,
        "a secretariat token": REFUSED,
    },
    "token: deputy, focal_point": {
        "*": SIGN_IN,
        "a focal point's token": IN,
        "a secretariat token": REFUSED,
    },
    "token: authorising, deputy, focal_point, helpdesk, secretariat": {
        "*": SIGN_IN,
        "a focal point's token": IN,
        "a secretariat token": IN,
    },
    "signed in": {"anonymous": SIGN_IN, "*": IN},
    "chosen": _NOBODY | {"*": IN},
    "own factor": _NOBODY
    | {
        "*": PROVE,
        "focal point, just proved": IN,
        "former secretariat, just proved": IN,
        "authorising, just proved": IN,
        "secretariat, just proved": IN,
        "secretariat, with an enrolment code": IN,
        "triage, just proved": IN,
        "administrator, just proved": IN,
        "protection, just proved": IN,
        "protection named by one person, just proved": IN,
    },
    "seat: secretariat, triage": _NOBODY | {"*": REFUSED} | _SECRETARIAT_AT_WORK | _TRIAGE,
    "proved: secretariat, triage": _NOBODY | {"*": REFUSED} | _SECRETARIAT | _TRIAGE,
    "proved: secretariat": _NOBODY | {"*": REFUSED} | _SECRETARIAT,
    "seat: protection": _NOBODY | {"*": REFUSED} | _PROTECTION,
    "proved: protection": _NOBODY | {"*": REFUSED} | _PROTECTION,
    "seat: helpdesk, secretariat": _NOBODY | {"*": REFUSED} | _SECRETARIAT_AT_WORK,
    "seat: deputy, focal_point": _NOBODY | {"*": REFUSED} | _WRITERS,
    "seat: authorising, deputy, focal_point": _NOBODY | {"*": REFUSED} | _WRITERS | _AUTHORISING,
    "proved: authorising": _NOBODY | {"*": REFUSED} | _AUTHORISING,
    "seat: authorising, deputy, focal_point, secretariat": _NOBODY
    | {"*": REFUSED}
    | _WRITERS
    | _AUTHORISING
    | _SECRETARIAT_AT_WORK,
    "seat: authorising, deputy, focal_point, helpdesk, secretariat": _NOBODY
    | {"*": REFUSED}
    | _WRITERS
    | _AUTHORISING
    | _SECRETARIAT_AT_WORK,
    "proved: authorising, secretariat": _NOBODY | {"*": REFUSED} | _AUTHORISING | _SECRETARIAT,
    "seat: secretariat": _NOBODY | {"*": REFUSED} | _SECRETARIAT_AT_WORK,
    "proved: protection, secretariat": _NOBODY | {"*": REFUSED} | _PROTECTION | _SECRETARIAT,
}


def expected(rule: str, visitor: str) -> str:
    """What the table says of one rule and one visitor."""
    row = ANSWERS[rule]
    return row.get(visitor, row["*"])
