"""What is typed in the later steps of a case: bids, consents, terms, dates, reports, parties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError

from core.languages import _, _l
from core.web.forms import (
    AtMost,
    Checkboxes,
    Choose,
    Day,
    Form,
    Hour,
    OneLine,
    Radio,
    Required,
    Whole,
    number,
    option,
)
from network.exchanges import words
from network.exchanges.bidding import BidWording
from network.exchanges.meeting import Dates, Terms
from network.exchanges.models import LINE_MOST, TEXT_MOST, PartyRole
from network.exchanges.models_case import Agreement, Bid, Report
from network.exchanges.outcomes import MOST_DAYS, Learned
from network.exchanges.paper import PARTY_ROLES
from network.offers.forms import PAUSES, TYPES, language_name
from network.offers.models import LANGUAGES, ExchangeType, PauseReason

LINK_MOST = 1_000
TYPED_MOST = 20
YES, NO = "yes", "no"
SUMMARY = "summary"
"""What a State lets be published of its report."""


def spoken() -> list[Any]:
    """The working languages to choose from."""
    return [option(code, language_name(code)) for code in LANGUAGES]


def long_text(label: Any) -> TextAreaField:
    """A field for some paragraphs."""
    return TextAreaField(label, validators=[AtMost(TEXT_MOST)])


def reasoned(label: Any) -> TextAreaField:
    """A field that must say why."""
    sentence = _l("Say it in a sentence: others read it.")
    return TextAreaField(label, validators=[Required(sentence), AtMost(TEXT_MOST)])


class Given:
    """Something must be there; a day or an hour that could not be read has said so itself."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse an empty field."""
        if field.data is None and not field.process_errors:
            raise ValidationError(str(self.sentence))


class BidForm(Form):
    """A bid. Everything may stay empty until it is handed in."""

    type = Choose(_l("Form of exchange"))
    offer = long_text(_l("What you can give"))
    languages = Checkboxes(_l("In which languages?"))
    from_on = Day(_l("First day on which you could"))
    until_on = Day(_l("Last day"))
    experts = long_text(_l("Who would come or receive"))
    costs = long_text(_l("Who pays for what"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type.choices = [
            option("", _("Not chosen yet")),
            *(option(key, name) for key, name in TYPES.items()),
        ]
        self.languages.choices = spoken()

    def wording(self) -> BidWording:
        """What was filled in, as the verb takes it."""
        return BidWording(
            type=ExchangeType(self.type.data) if self.type.data else None,
            offer=self.offer.data or "",
            languages=tuple(self.languages.data or ()),
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            experts=self.experts.data or "",
            costs=self.costs.data or "",
        )


def values_of_bid(bid: Bid) -> dict[str, Any]:
    """A bid as its form shows it."""
    names = ("offer", "languages", "from_on", "until_on", "experts", "costs")
    return {name: getattr(bid, name) for name in names} | {"type": bid.type or ""}


class DeclineForm(Form):
    """Not this time: why, a note to oneself, and a pause of one's standing offer."""

    reason = Radio(
        _l("Why?"),
        choices=[option(key, name) for key, name in words.DECLINES.items()],
        validators=[Required(_l("Choose a reason."))],
    )
    note = long_text(_l("A note to yourselves"))
    pause_until = Day(_l("Also pause our standing offer until (that day included)"))
    pause_reason = Choose(
        _l("Reason for the pause"),
        choices=[option(key, name) for key, name in PAUSES.items()],
        default=PauseReason.OTHER_EXCHANGES.value,
    )


class ConsentForm(Form):
    """The scope of a State's yes."""

    until_on = Day(_l("Valid until"))
    summary = BooleanField(_l("The summary may be published"))
    terms_too = BooleanField(_l("Consent to the terms above as well"))


class RefuseForm(Form):
    """A State's no. Named apart, since it stands on the page of the yes."""

    reason = reasoned(_l("Why not?"))


class TermsForm(Form):
    """The terms of an agreement."""

    purpose = long_text(_l("Purpose"))
    activities = long_text(_l("What will be done"))
    outputs = long_text(_l("What comes out of it"))
    languages = Checkboxes(_l("Working languages"))
    from_on = Day(_l("Between this day"))
    until_on = Day(_l("and this day"))
    costs = long_text(_l("Who pays for what"))
    confidentiality = long_text(_l("What stays between the parties"))
    publish = long_text(_l("What may be published"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages.choices = spoken()

    def terms(self) -> Terms:
        """What was filled in, as the verb takes it."""
        return Terms(
            purpose=self.purpose.data or "",
            activities=self.activities.data or "",
            outputs=self.outputs.data or "",
            costs=self.costs.data or "",
            languages=tuple(self.languages.data or ()),
            confidentiality=self.confidentiality.data or "",
            publish=self.publish.data or "",
            from_on=self.from_on.data,
            until_on=self.until_on.data,
        )


TERMS = (
    "purpose",
    "activities",
    "outputs",
    "languages",
    "from_on",
    "until_on",
    "costs",
    "confidentiality",
    "publish",
)
"""The parts of the terms, in the order in which they are read."""


def values_of_terms(agreement: Agreement) -> dict[str, Any]:
    """A version of the terms as its form shows it."""
    return {name: getattr(agreement, name) for name in TERMS}


class DatesForm(Form):
    """When and where, on the clock of whoever proposes."""

    starts_on = Day(_l("First day"), validators=[Given(_l("Give the first day."))])
    starts_hour = Hour(_l("Begins at"), validators=[Given(_l("Give the time of day."))])
    ends_on = Day(_l("Last day"), validators=[Given(_l("Give the last day."))])
    ends_hour = Hour(_l("Ends at"), validators=[Given(_l("Give the time of day."))])
    zone = Choose(_l("Time zone of these hours"))
    place = StringField(_l("Place, or online"), validators=[AtMost(LINE_MOST), OneLine()])
    note = long_text(_l("A word to the other side"))

    def validate_starts_hour(self, _field: Hour) -> None:
        """An hour that clocks leap over does not exist."""
        self._check_exists(self.starts_on, self.starts_hour)

    def validate_ends_hour(self, _field: Hour) -> None:
        """The same for the end."""
        self._check_exists(self.ends_on, self.ends_hour)

    def _check_exists(self, day: Day, hour: Hour) -> None:
        if day.data is None or hour.data is None or self.zone.data not in self._zones():
            return
        there = self._moment(day, hour)
        if there.astimezone(UTC).astimezone(there.tzinfo).replace(fold=0) != there:
            raise ValidationError(
                _("There is no such time on that day: clocks are put forward. Choose another.")
            )

    def _zones(self) -> set[str]:
        return {
            choice.value  # type: ignore[attr-defined]  # newer than its stubs
            for choice in self.zone.iter_choices()
        }

    def _moment(self, day: Day, hour: Hour) -> datetime:
        if day.data is None or hour.data is None:
            message = "asked before the form was checked"
            raise ValueError(message)
        return datetime.combine(day.data, hour.data, tzinfo=ZoneInfo(self.zone.data))

    def dates(self) -> Dates:
        """What was filled in, as the verb takes it, once the form has been checked."""
        return Dates(
            starts_at=self._moment(self.starts_on, self.starts_hour).astimezone(UTC),
            ends_at=self._moment(self.ends_on, self.ends_hour).astimezone(UTC),
            zone=self.zone.data,
            place=self.place.data or "",
            note=self.note.data or "",
        )


class AnswerForm(Form):
    """Why proposed dates do not suit."""

    reason = reasoned(_l("Why not, and what would suit you better?"))


class ReportForm(Form):
    """The short report. Everything may stay empty until it is handed in."""

    learned = long_text(_l("What did you learn?"))
    decision = long_text(_l("What was decided?"))
    evidence_url = StringField(
        _l("A link that shows it"), validators=[AtMost(LINK_MOST), OneLine()]
    )
    days = StringField(
        _l("Working days it took you"), validators=[AtMost(TYPED_MOST), Whole(0, MOST_DAYS)]
    )
    costs = StringField(_l("What it cost you"), validators=[AtMost(LINE_MOST), OneLine()])
    would_repeat = Radio(
        _l("Would you do it again?"), choices=[option(YES, _l("Yes")), option(NO, _l("No"))]
    )
    summary = long_text(_l("Summary for the public"))

    def learnt(self) -> Learned:
        """What was filled in, as the verb takes it."""
        answer = self.would_repeat.data
        return Learned(
            learned=self.learned.data or "",
            decision=self.decision.data or "",
            evidence_url=self.evidence_url.data or "",
            days=number(self.days.data),
            costs=self.costs.data or "",
            would_repeat=None if answer not in {YES, NO} else answer == YES,
            summary=self.summary.data or "",
        )


def values_of_report(report: Report | None) -> dict[str, Any]:
    """A report as its form shows it."""
    if report is None:
        return {}
    names = ("learned", "decision", "evidence_url", "costs", "summary")
    repeats = {None: None, True: YES, False: NO}[report.would_repeat]
    return {name: getattr(report, name) for name in names} | {
        "days": "" if report.days is None else str(report.days),
        "would_repeat": repeats,
    }


class WaiveForm(Form):
    """Why a side writes no report."""

    reason = reasoned(_l("Why is there no report?"))


class FollowUpForm(Form):
    """The one question after six months."""

    change = Radio(
        _l("Has it changed anything?"),
        choices=[option(key, name) for key, name in words.CHANGES.items()],
        validators=[Required(_l("Choose an answer."))],
    )
    text = long_text(_l("What changed?"))


class InviteForm(Form):
    """Whom to ask into a case, and as what. The view fills in who can be asked."""

    body = Choose(_l("State or organisation"), validators=[Required(_l("Choose one."))])
    role = Radio(
        _l("As what?"),
        choices=[
            option(
                PartyRole.SUPPORTER,
                PARTY_ROLES[PartyRole.SUPPORTER],
                _l("Helps with advice, people or money"),
            ),
            option(
                PartyRole.OBSERVER, PARTY_ROLES[PartyRole.OBSERVER], _l("Follows without a part")
            ),
            option(
                PartyRole.REQUESTER,
                _l("Asks with us"),
                _l("A State with the same need; never an organisation"),
            ),
        ],
        validators=[Required(_l("Choose a role."))],
    )

    def offer(self, bodies: Iterable[tuple[str, str]]) -> None:
        """Let these be chosen: (value, name)."""
        self.body.choices = [
            option("", _("Choose")),
            *(option(value, name) for value, name in bodies),
        ]
