"""What a participant writes, and the checks that answer at the field."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField, FileField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from core.languages import COMPLETE, _, _l, current
from core.web.forms import (
    AtMost,
    Checkboxes,
    Choose,
    EmailAddress,
    Form,
    OneLine,
    PublicForm,
    Radio,
    Required,
    language_choices,
    option,
)
from events.programme.models import Event, Mode
from events.registrations.entries import Entry
from events.registrations.models import (
    NAME_MOST,
    NOTE_MOST,
    ORGANISATION_MOST,
    REASON_MOST,
    Category,
    Listing,
    Need,
    Registration,
)

CATEGORIES: dict[Category, Any] = {
    Category.STATE: _l("Member State delegation"),
    Category.OBSERVER: _l("Observer State delegation"),
    Category.MECHANISM: _l("National mechanism (NMIRF)"),
    Category.NHRI: _l("National human rights institution"),
    Category.UN: _l("United Nations entity"),
    Category.REGIONAL: _l("Regional or intergovernmental organisation"),
    Category.NGO: _l("Civil society organisation"),
    Category.ACADEMIA: _l("Academia"),
    Category.PARLIAMENT: _l("Parliament"),
    Category.LOCAL: _l("Local or regional authority"),
    Category.STATISTICS: _l("National statistical office"),
    Category.MANDATE: _l("Treaty body member or special procedure"),
    Category.OTHER: _l("Other"),
}
NEEDS: dict[Need, Any] = {
    Need.CAPTIONS: _l("Captions"),
    Need.SIGN: _l("Sign language interpretation"),
    Need.STEP_FREE: _l("Step-free access"),
    Need.COMPANION: _l("A seat for a companion or assistant"),
    Need.LARGE_PRINT: _l("Documents in large print"),
    Need.BRAILLE: _l("Documents in Braille"),
    Need.REMOTE: _l("Help with the online platform"),
}
MODES: dict[Mode, Any] = {Mode.ROOM: _l("In the room"), Mode.ONLINE: _l("Online")}
LISTINGS: dict[Listing, Any] = {
    Listing.UNLISTED: _l("Not listed"),
    Listing.ORGANISATION: _l("Organisation only"),
    Listing.FULL: _l("Name and organisation"),
}
AVAILABILITY: dict[str, Any] = {
    "open": "",
    "few": _l("few seats left"),
    "full": _l("full: you join the waiting list"),
}


def listing_choices() -> list[Any]:
    """How one may appear; the least is offered first and chosen for whoever chooses nothing."""
    hints = {
        Listing.UNLISTED: _l("in no list, on no page, in no summary"),
        Listing.FULL: _l("for approved participants, which includes State delegations"),
    }
    return [option(value, label, hints.get(value, "")) for value, label in LISTINGS.items()]


def mode_choices(availability: dict[str, str]) -> list[Any]:
    """The modes this event has, with a word on how full they are."""
    return [
        option(mode, MODES[mode], AVAILABILITY.get(availability[mode], ""))
        for mode in Mode
        if mode in availability
    ]


class RegisterForm(PublicForm):
    """The one page. Field names are those of the API."""

    form_version = HiddenField()
    category = Choose(
        _l("I take part as"), validators=[Required(_l("Choose in which capacity you take part."))]
    )
    name = StringField(
        _l("Full name"),
        [Required(_l("Write your name.")), OneLine(), AtMost(NAME_MOST)],
        description=_l("In any script, as it should stand on your badge"),
    )
    organisation = StringField(
        _l("Organisation"),
        [
            Required(_l("Say which organisation you come from.")),
            OneLine(),
            AtMost(ORGANISATION_MOST),
        ],
        description=_l("Its full name; write “none” if you come on your own behalf"),
    )
    mode = Radio(
        _l("How will you take part?"), validators=[Required(_l("Choose the room or online."))]
    )
    needs = Checkboxes(_l("What do you need to take part?"))
    needs_note = TextAreaField(
        _l("Anything else the organisers should prepare"),
        [AtMost(NOTE_MOST)],
        description=_l("For example which sign language, or a file format"),
    )
    language = Choose(
        _l("Language of messages and summary"), validators=[Required(_l("Choose a language."))]
    )
    wants_summary = BooleanField(_l("Send me the summary after the meeting"), default=True)
    listing = Radio(
        _l("How should you appear?"),
        default=Listing.UNLISTED.value,
        description=_l(
            "You can change this at any time. It applies to every list, badge, export and summary."
        ),
        validators=[Required(_l("Choose how you should appear."))],
    )
    discreet = BooleanField(
        _l("Register discreetly"),
        description=_l(
            "Open to everyone. A neutral name everywhere; your details are sealed before anything "
            "else, only protection officers can open them, and you see each time they do. You are "
            "not listed, whatever you chose above."
        ),
    )
    letter = FileField(
        _l("Letter of nomination"),
        description=_l("PDF, Word, OpenDocument, JPEG or PNG, up to 10 MB. You can add it later."),
    )
    email = EmailField(
        _l("E-mail"),
        [EmailAddress()],
        description=_l("We send a code to it. A shared mailbox is fine."),
    )
    no_email = BooleanField(
        _l("I have no address I can use safely"),
        description=_l(
            "You get a receipt code instead, shown once. You then come back here for news: "
            "nothing can be sent to you."
        ),
    )

    def prepare(self, event: Event, availability: dict[str, str], *, takes_letter: bool) -> None:
        """Fill in what this event offers."""
        self.category.choices = [
            option("", _l("Choose")),
            *(option(value, label) for value, label in CATEGORIES.items()),
        ]
        self.mode.choices = mode_choices(availability)
        self.needs.choices = [option(value, label) for value, label in NEEDS.items()]
        self.language.choices = language_choices()
        self.listing.choices = listing_choices()
        if not takes_letter:
            del self.letter
        if not self.is_submitted():
            self.form_version.data = str(event.form_version)
            self.language.data = current() if current() in COMPLETE else COMPLETE[0]
            self.language.data = current()
        self.event_form_version = event.form_version

    def validate_email(self, field: Any) -> None:
        """An address, or the wish to have none."""
        if not field.data and not self.no_email.data:
            raise ValidationError(
                _("Write your e-mail address, or tick that you have none you can use safely.")
            )

    def validate_form_version(self, field: Any) -> None:
        """The form must be the one that is in force; what was typed stays."""
        if field.data != str(self.event_form_version):
            field.data = str(self.event_form_version)
            field.raw_data = [field.data]
            raise ValidationError(
                _(
                    "This form was changed while you filled it in. Look through it and send it again."
                )
            )

    def entry(self) -> Entry:
        """What was written, as the service takes it."""
        return Entry(
            name=self.name.data or "",
            organisation=self.organisation.data or "",
            address=None if self.no_email.data else self.email.data,
            category=Category(self.category.data),
            mode=Mode(self.mode.data),
            language=self.language.data,
            listing=Listing(self.listing.data),
            discreet=bool(self.discreet.data),
            needs=tuple(Need(value) for value in self.needs.data or ()),
            needs_note=self.needs_note.data or "",
            wants_summary=bool(self.wants_summary.data),
        )


class ReceiptForm(PublicForm):
    """The receipt that stands in for an address."""

    receipt = StringField(
        _l("Receipt code"),
        [Required(_l("Type the receipt code."))],
        description=_l("Sixteen letters and digits; spaces do not matter"),
    )


class LinkForm(PublicForm):
    """Where to send the link again."""

    email = EmailField(
        _l("E-mail"),
        [Required(_l("Write the address you registered with.")), EmailAddress()],
        description=_l("The address you registered with"),
    )


class EditForm(Form):
    """What one may change by one's link."""

    version = HiddenField()
    name = StringField(
        _l("Full name"), [Required(_l("Write your name.")), OneLine(), AtMost(NAME_MOST)]
    )
    organisation = StringField(
        _l("Organisation"),
        [
            Required(_l("Say which organisation you come from.")),
            OneLine(),
            AtMost(ORGANISATION_MOST),
        ],
    )
    category = Choose(
        _l("I take part as"), validators=[Required(_l("Choose in which capacity you take part."))]
    )
    mode = Radio(
        _l("How will you take part?"), validators=[Required(_l("Choose the room or online."))]
    )
    needs = Checkboxes(_l("What do you need to take part?"))
    needs_note = TextAreaField(
        _l("Anything else the organisers should prepare"), [AtMost(NOTE_MOST)]
    )
    language = Choose(
        _l("Language of messages and summary"), validators=[Required(_l("Choose a language."))]
    )
    wants_summary = BooleanField(_l("Send me the summary after the meeting"))
    listing = Radio(
        _l("How should you appear?"), validators=[Required(_l("Choose how you should appear."))]
    )

    def prepare(self, registration: Registration, availability: dict[str, str]) -> None:
        """Offer what this registration may change; a sealed one shows nothing that is sealed."""
        self.category.choices = [option(value, label) for value, label in CATEGORIES.items()]
        self.mode.choices = mode_choices(availability)
        self.needs.choices = [option(value, label) for value, label in NEEDS.items()]
        self.language.choices = language_choices()
        self.listing.choices = listing_choices()
        if registration.discreet:
            for name in ("name", "organisation", "needs", "needs_note", "listing"):
                del self[name]


class LetterForm(Form):
    """A letter of nomination that comes after the form."""

    letter = FileField(
        _l("Letter of nomination"),
        description=_l("PDF, Word, OpenDocument, JPEG or PNG, up to 10 MB."),
    )


class PassOnForm(Form):
    """Who takes the seat."""

    name = StringField(
        _l("Full name of the person who takes your place"),
        [Required(_l("Write the name of the person.")), OneLine(), AtMost(NAME_MOST)],
    )
    email = EmailField(
        _l("Their e-mail"),
        [Required(_l("Write their address: their own link goes to it.")), EmailAddress()],
        description=_l("Their own link goes to it; yours ends."),
    )


class RefusalForm(Form):
    """Why the secretariat says no."""

    reason = TextAreaField(
        _l("Reason"),
        [
            Required(_l("Write a reason: it is sent to the person as it stands.")),
            AtMost(REASON_MOST),
        ],
        description=_l("It is sent to the person as it stands."),
    )
