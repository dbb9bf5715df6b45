"""What programs send about registrations, and what they are answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictBool,
    StrictInt,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from core.languages import COMPLETE
from core.web.api import LINE, Address, Given, Taken, whole
from core.web.forms import cleaned
from events.programme.answers import EventKey
from events.programme.models import Mode
from events.registrations.models import (
    NAME_MOST,
    NOTE_MOST,
    ORGANISATION_MOST,
    REASON_MOST,
    Category,
    Listing,
    Need,
)
from events.registrations.states import RegistrationState

CODE_MOST = 40
LARGEST_VERSION = 2**31 - 1


def _spoken(language: str) -> str:
    if language not in COMPLETE:
        raise PydanticCustomError("not_offered", "not offered")
    return language


def _each_once(needs: list[Need]) -> list[Need]:
    return list(dict.fromkeys(needs))


Version = Annotated[StrictInt, Field(ge=1, le=LARGEST_VERSION), BeforeValidator(whole)]
Name = Annotated[
    str, Field(min_length=1, max_length=NAME_MOST, pattern=LINE), BeforeValidator(cleaned)
]
OrganisationName = Annotated[
    str, Field(min_length=1, max_length=ORGANISATION_MOST, pattern=LINE), BeforeValidator(cleaned)
]
Note = Annotated[str, Field(max_length=NOTE_MOST), BeforeValidator(cleaned)]
Reason = Annotated[str, Field(max_length=REASON_MOST), BeforeValidator(cleaned)]
Language = Annotated[
    str, AfterValidator(_spoken), WithJsonSchema({"type": "string", "enum": list(COMPLETE)})
]
Needs = Annotated[list[Need], Field(max_length=len(Need)), AfterValidator(_each_once)]

ABOUT: dict[str, str] = {
    "name": "Full name, in any script, as it should stand on the badge.",
    "organisation": "Its full name; “none” if one comes on one's own behalf.",
    "category": "In which capacity the person takes part.",
    "mode": "In the room or online. The event says which it has.",
    "language": "Language of messages and of the summary.",
    "listing": "How the person appears in lists. Whoever chooses nothing appears in none.",
    "needs": "What the person needs to take part.",
    "needs_note": "Anything else the organisers should prepare.",
    "wants_summary": "Whether the summary is to be sent after the meeting.",
}


class NewRegistration(Taken):
    """One person who wants to take part. The fields are those of the form on the website."""

    event: EventKey = Field(description="The key of the event.")
    email: Address | None = Field(
        description="Where the code goes. null for somebody who has no address they can use "
        "safely: they get a receipt instead, shown once."
    )
    name: Name = Field(description=ABOUT["name"])
    organisation: OrganisationName = Field(description=ABOUT["organisation"])
    category: Category = Field(description=ABOUT["category"])
    mode: Mode = Field(description=ABOUT["mode"])
    language: Language = Field(description=ABOUT["language"])
    listing: Listing = Field(default=Listing.UNLISTED, description=ABOUT["listing"])
    discreet: StrictBool = Field(
        default=False,
        description="A neutral name everywhere, and the person's details sealed before anything "
        "else. Open to everyone. Not listed, whatever `listing` says.",
    )
    needs: Needs = Field(default=[], description=ABOUT["needs"])
    needs_note: Note = Field(default="", description=ABOUT["needs_note"])
    wants_summary: StrictBool = Field(default=True, description=ABOUT["wants_summary"])


class RegistrationReceived(Given):
    """A registration that does not count yet. It is the same whether the address is known or not."""

    id: UUID = Field(description="A random id.")
    state: RegistrationState = Field(description="Always `unconfirmed`.")
    confirm: str = Field(description="Where the code, or the receipt, is to be POSTed.")
    until: datetime | None = Field(description="When it lapses if it is not confirmed.")
    receipt: str | None = Field(
        description="Shown once to those without an address; it takes the place of the code and of "
        "the mails."
    )


class Confirmation(Taken):
    """The code from the mail, or the receipt of somebody without an address."""

    code: Annotated[
        str, Field(min_length=1, max_length=CODE_MOST, pattern=LINE), BeforeValidator(cleaned)
    ] = Field(description="Six digits, or the receipt. Spaces do not matter.")


class Confirmed(Given):
    """Where the registration stands, and the token that opens it from now on."""

    id: UUID
    state: RegistrationState
    token: str = Field(
        description="Send it as `Authorization: Bearer …`. It is the personal link of the mails."
    )


class LinkWanted(Taken):
    """Whose link, and for which event."""

    event: EventKey = Field(description="The key of the event.")
    email: Address = Field(description="The address that was registered with.")


class LinkAskedFor(Given):
    """The same for every address."""

    event: str = Field(description="The key of the event.")


class Substitute(Taken):
    """The person who takes a seat."""

    name: Name = Field(description=ABOUT["name"])
    email: Address = Field(description="Their own link goes to it.")
    organisation: OrganisationName | None = Field(
        default=None, description="null: the same as before, where that is not sealed."
    )


class Sealing(Taken):
    """The wish to be discreet, said in full, since it cannot be taken back."""

    discreet: Literal[True] = Field(description="true: it cannot be undone.")


class PassedOn(Given):
    """The registration as its new holder has it."""

    id: UUID
    state: RegistrationState = Field(
        description="`confirmed`, or `rechecked` while the secretariat looks at the change."
    )


class Move(StrEnum):
    """What can be asked for."""

    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    REFUSED = "refused"


class NewMove(Taken):
    """A step from one state to another."""

    to: Move = Field(
        description="`cancelled` withdraws; `confirmed` takes an offered seat; `waiting` stands in "
        "line again after an offer that passed. `refused`, and `confirmed` of what waits for a "
        "decision, are the secretariat's, on the website."
    )
    reason: Reason = Field(
        default="", description="Taken, and not kept: nobody has to say why they withdraw."
    )


class Moved(Given):
    """Where the registration stands now."""

    id: UUID
    state: RegistrationState
    allowed: list[Move] = Field(description="The moves that are open now.")
    version: int = Field(description="For the next change.")


class RegistrationChange(Taken):
    """What is to change. What is left out, or null, stays as it is."""

    version: Version = Field(
        description="The version that was read: a change made in between is not overwritten.",
    )
    name: Name | None = Field(default=None, description=ABOUT["name"])
    organisation: OrganisationName | None = Field(default=None, description=ABOUT["organisation"])
    category: Category | None = Field(default=None, description=ABOUT["category"])
    mode: Mode | None = Field(default=None, description=ABOUT["mode"])
    language: Language | None = Field(default=None, description=ABOUT["language"])
    listing: Listing | None = Field(default=None, description=ABOUT["listing"])
    needs: Needs | None = Field(default=None, description=ABOUT["needs"])
    needs_note: Note | None = Field(default=None, description=ABOUT["needs_note"])
    wants_summary: StrictBool | None = Field(default=None, description=ABOUT["wants_summary"])


SEALED = ("name", "organisation", "listing", "needs", "needs_note")
"""What of a discreet registration cannot be changed here: it cannot be read here either."""


class OwnDocument(Given):
    """A document of the meeting."""

    title: dict[str, str]
    url: str | None = Field(description="Where it can be had; null: on the personal page only.")


class OwnRegistration(Given):
    """A registration as the holder of its link sees it. Sealed fields are null."""

    id: UUID
    event: str = Field(description="The key of the event.")
    state: RegistrationState
    since: datetime = Field(description="Since when it stands there.")
    due: datetime | None = Field(description="When this state ends by itself.")
    reason: str | None = Field(description="Why the secretariat refused, if it did.")
    allowed: list[Move] = Field(description="The moves that are open now.")
    changeable: bool = Field(description="Whether PATCH is taken now.")
    number: str = Field(description="The neutral number of this registration.")
    discreet: bool
    name: str | None
    organisation: str | None
    category: Category
    mode: Mode
    language: str
    listing: Listing
    needs: list[Need] | None
    needs_note: str | None
    wants_summary: bool
    joining: dict[str, str] = Field(
        description="How to join, by language; empty until one is confirmed and it is published."
    )
    documents: list[OwnDocument]
    summary: str | None = Field(description="Where the summary in one's language stands.")
    openings: list[datetime] = Field(
        description="When protection officers opened sealed details; empty for all others."
    )
    version: int = Field(description="To be sent back with PATCH.")


def without_nothing(sent: RegistrationChange) -> dict[str, Any]:
    """What a change really changes."""
    return {
        name: getattr(sent, name)
        for name in sent.model_fields_set - {"version"}
        if getattr(sent, name) is not None
    }
