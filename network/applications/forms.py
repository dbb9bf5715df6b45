"""What applicants and the secretariat write, the checks that answer at the field, and words for states."""

from __future__ import annotations

from typing import Any

from wtforms import EmailField, FileField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from core.languages import COMPLETE, UN_LANGUAGES, _, _l, current, localized
from core.web.forms import (
    AtMost,
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
from network.applications.models import (
    ADDRESS_MOST,
    NAME_MOST,
    QUESTION_MOST,
    REASON_MOST,
    TEXT_MOST,
    ApplicantKind,
    MembershipStatus,
)
from network.applications.service import Entry
from network.applications.states import ApplicationState
from network.seats.models import OrganisationKind
from network.taxonomy.models import State

S = ApplicationState

STANDINGS: dict[MembershipStatus, Any] = {
    MembershipStatus.MEMBER: _l("Member"),
    MembershipStatus.OBSERVER: _l("Observer"),
    MembershipStatus.DORMANT: _l("Dormant member"),
    MembershipStatus.WITHDRAWN: _l("Withdrawn"),
}
ORGANISATIONS: dict[OrganisationKind, Any] = {
    OrganisationKind.NHRI: _l("National human rights institution"),
    OrganisationKind.UN_ENTITY: _l("United Nations entity"),
    OrganisationKind.OHCHR_PRESENCE: _l("OHCHR presence"),
    OrganisationKind.REGIONAL: _l("Regional or intergovernmental organisation"),
    OrganisationKind.NETWORK: _l("Network"),
    OrganisationKind.NGO: _l("Civil society organisation"),
    OrganisationKind.UNIVERSITY: _l("University or research institute"),
}
TAGS: dict[ApplicationState, tuple[Any, str]] = {
    S.UNCONFIRMED: (_l("Not confirmed"), "wait"),
    S.RECEIVED: (_l("New"), "wait"),
    S.QUESTION: (_l("Question to the applicant"), "calm"),
    S.ANSWERED: (_l("Question answered"), "wait"),
    S.PROPOSED: (_l("A second person must admit"), "wait"),
    S.ADMITTED: (_l("Admitted"), "good"),
    S.REFUSED: (_l("Refused"), "bad"),
    S.WITHDRAWN: (_l("Withdrawn by the applicant"), "calm"),
    S.LAPSED: (_l("Lapsed"), "calm"),
}
HISTORY: dict[str, Any] = {
    "application.started": _l("Form sent"),
    "application.received": _l("Mailbox confirmed, application received"),
    "application.question_asked": _l("Question asked"),
    "application.question_answered": _l("Question answered"),
    "application.proposed": _l("Admission proposed"),
    "application.admitted": _l("Admitted"),
    "application.refused": _l("Refused"),
    "application.withdrawn": _l("Withdrawn by the applicant"),
}


def _contact_name() -> StringField:
    return StringField(
        _l("Focal point you nominate"),
        [Required(_l("Write the name of the person you nominate.")), OneLine(), AtMost(NAME_MOST)],
        description=_l("Full name as in the letter, in any script"),
    )


def _email() -> EmailField:
    return EmailField(
        _l("Mailbox of the focal point"),
        [
            Required(_l("Write the address of the mailbox.")),
            AtMost(ADDRESS_MOST),
            OneLine(),
            EmailAddress(),
        ],
        description=_l(
            "We send a code to it now, and everything about this application. A mailbox that colleagues"
            " share is fine, and lasts longer than a personal one."
        ),
    )


def _language() -> Choose:
    return Choose(_l("Language of our messages"), validators=[Required(_l("Choose a language."))])


def _text(hint: Any) -> TextAreaField:
    return TextAreaField(_l("What you want us to know"), [AtMost(TEXT_MOST)], description=hint)


def _letter(hint: Any) -> FileField:
    return FileField(_l("Letter of nomination"), description=hint)


class JoinForm(PublicForm):
    """What both kinds of applicants are asked."""

    kind: ApplicantKind

    def prepare(self) -> None:
        """Offer the languages in which every message is complete."""
        self["language"].choices = language_choices()
        if not self.is_submitted():
            self["language"].data = current() if current() in COMPLETE else COMPLETE[0]

    def shared(self) -> dict[str, Any]:
        """The part of an entry that both kinds have."""
        return {
            "kind": self.kind,
            "contact_name": self["contact_name"].data or "",
            "address": self["email"].data or "",
            "language": self["language"].data,
            "text": self["text"].data or "",
        }

    def entry(self) -> Entry:
        """What was written, as the service takes it."""
        return Entry(**self.shared())


class StateForm(JoinForm):
    """A State applies."""

    kind = ApplicantKind.STATE

    state = Choose(_l("State"), validators=[Required(_l("Choose your State."))])
    wants = Radio(
        _l("How would it take part?"), validators=[Required(_l("Choose member or observer."))]
    )
    contact_name = _contact_name()
    email = _email()
    language = _language()
    text = _text(
        _l("For example whether there is a mechanism, and what you hope to find or to give")
    )
    letter = _letter(
        _l(
            "Note verbale or letter of the minister or the head of the mechanism, naming the focal"
            " point. PDF, Word, OpenDocument, JPEG or PNG, up to 10 MB."
        )
    )

    def offer(self, states: list[State]) -> None:
        """Offer these States, by their codes."""
        self.by_code = {state.iso3: state for state in states}
        self.state.choices = [
            option("", _l("Choose")),
            *(option(state.iso3, localized(state.names)) for state in states),
        ]
        self.wants.choices = [
            option(
                MembershipStatus.MEMBER.value,
                STANDINGS[MembershipStatus.MEMBER],
                _l("asks others for help, offers help, takes part in every exchange"),
            ),
            option(
                MembershipStatus.OBSERVER.value,
                STANDINGS[MembershipStatus.OBSERVER],
                _l("sees the members’ directory and events, and makes no requests"),
            ),
        ]

    def entry(self) -> Entry:
        """What was written, as the service takes it."""
        return Entry(
            **self.shared(),
            state_id=self.by_code[self.state.data].id,
            wants=MembershipStatus(self.wants.data),
        )


class OrganisationForm(JoinForm):
    """An organisation applies. Its name in one language is enough."""

    kind = ApplicantKind.ORGANISATION

    organisation_kind = Choose(
        _l("Kind of organisation"),
        validators=[Required(_l("Choose what kind of organisation it is."))],
    )
    name_en = StringField("English", [OneLine(), AtMost(NAME_MOST)])
    name_fr = StringField("Français", [OneLine(), AtMost(NAME_MOST)])
    name_es = StringField("Español", [OneLine(), AtMost(NAME_MOST)])
    name_ar = StringField("العربية", [OneLine(), AtMost(NAME_MOST)])
    name_ru = StringField("Русский", [OneLine(), AtMost(NAME_MOST)])
    name_zh = StringField("中文", [OneLine(), AtMost(NAME_MOST)])
    contact_name = _contact_name()
    email = _email()
    language = _language()
    text = _text(_l("For example what you could support, and where you work"))
    letter = _letter(
        _l(
            "Letter of the head of the organisation, naming the focal point. PDF, Word, OpenDocument,"
            " JPEG or PNG, up to 10 MB."
        )
    )

    def prepare(self) -> None:
        """Offer languages and kinds."""
        super().prepare()
        self.organisation_kind.choices = [
            option("", _l("Choose")),
            *(option(kind.value, label) for kind, label in ORGANISATIONS.items()),
        ]

    def names(self) -> dict[str, str]:
        """The names that were written, by language."""
        written = {code: self[f"name_{code}"].data or "" for code in UN_LANGUAGES}
        return {code: name for code, name in written.items() if name}

    def validate_name_en(self, _field: Any) -> None:
        """One name, in whichever language."""
        if not self.names():
            raise ValidationError(_("Write the name of the organisation in one language at least."))

    def entry(self) -> Entry:
        """What was written, as the service takes it."""
        return Entry(
            **self.shared(),
            organisation_name=self.names(),
            organisation_kind=OrganisationKind(self.organisation_kind.data),
        )


class LinkForm(PublicForm):
    """Where to send the link again."""

    email = EmailField(
        _l("Mailbox"),
        [
            Required(_l("Write the address of the mailbox.")),
            AtMost(ADDRESS_MOST),
            OneLine(),
            EmailAddress(),
        ],
        description=_l("The mailbox named in the application"),
    )


class AnswerForm(Form):
    """The applicant's answer. The question stands in it, so that an old page answers no new one."""

    question = HiddenField()
    answer = TextAreaField(
        _l("Your answer"), [Required(_l("Write your answer.")), AtMost(TEXT_MOST)]
    )


class QuestionForm(Form):
    """The secretariat's question."""

    question = TextAreaField(
        _l("Question"),
        [Required(_l("Write your question.")), AtMost(QUESTION_MOST)],
        description=_l("One at a time. It goes to the applicant by mail as it stands."),
    )


class RefusalForm(Form):
    """Why the secretariat says no."""

    reason = TextAreaField(
        _l("Reason"),
        [
            Required(_l("Write a reason: it is sent to the applicant as it stands.")),
            AtMost(REASON_MOST),
        ],
        description=_l("It is sent to the applicant as it stands."),
    )
