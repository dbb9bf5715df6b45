"""What people type to sign in and to prove themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from wtforms import FileField, HiddenField, StringField, ValidationError

from core.languages import _, _l
from core.web.forms import AtMost, Choose, Day, EmailAddress, Form, Hour, OneLine, Radio, Required
from network.accounts.models import ADDRESS_MOST, NAME_MOST

TYPED_MOST = 60
TITLE_MOST = 80
NEW = "new"
AT_ONCE, LATER = "now", "later"


class Press(Form):
    """A button: nothing but the token that ties it to the visit."""


class SignInForm(Form):
    """Asks for a code."""

    address = StringField(
        _l("Your e-mail address"),
        validators=[
            Required(_l("Type your e-mail address.")),
            AtMost(ADDRESS_MOST),
            OneLine(),
            EmailAddress(),
        ],
    )


class CodeForm(Form):
    """Takes a code of six digits."""

    code = StringField(
        _l("Code"), validators=[Required(_l("Type the code.")), AtMost(TYPED_MOST), OneLine()]
    )


class PersonForm(Form):
    """Takes which of the people behind a mailbox one is. The view fills the choices."""

    person = Radio(_l("Who are you?"), validators=[Required(_l("Choose your name."))], choices=[])


class SeatForm(Form):
    """Takes the seat to act in."""

    seat = HiddenField(validators=[Required(_l("Choose a seat."))])


class OwnCodeForm(Form):
    """Takes a code of the authenticator, a printed one or the enrolment code."""

    code = StringField(
        _l("Your own code"),
        validators=[Required(_l("Type your code.")), AtMost(TYPED_MOST), OneLine()],
    )


class StateForm(Form):
    """Asks which State. It changes nothing, so it carries no token."""

    class Meta(Form.Meta):
        """No token."""

        csrf = False

    state = Choose(_l("State"), choices=[], validators=[Required(_l("Choose a State."))])


class NominationForm(Form):
    """Takes who is to hold a seat, from when on, and the letter. The view fills the choices."""

    role = Choose(_l("Seat"), choices=[], validators=[Required(_l("Choose a seat."))])
    title = StringField(
        _l("What tells this seat from others like it"),
        [AtMost(TITLE_MOST), OneLine()],
        description=_l("A ministry or a unit, never a person."),
    )
    person = Radio(
        _l("Who?"), validators=[Required(_l("Say who is to hold the seat."))], choices=[]
    )
    name = StringField(
        _l("Name of the new person"),
        [AtMost(NAME_MOST), OneLine()],
        description=_l("As colleagues write it, in any script."),
    )
    address = StringField(
        _l("Their e-mail address"),
        [AtMost(ADDRESS_MOST), OneLine(), EmailAddress()],
        description=_l("A shared mailbox is fine, the present one too."),
    )
    language = Choose(_l("Their language"), choices=[])
    moment = Radio(_l("From when?"), choices=[], default=AT_ONCE)
    day = Day(_l("Day"))
    hour = Hour(_l("Time"))
    zone = Choose(_l("Time zone"), choices=[])
    letter = FileField(
        _l("Letter of nomination"),
        description=_l("PDF, Word, OpenDocument, JPEG or PNG, up to 10 MB."),
    )

    def validate_name(self, field: StringField) -> None:
        """A new person has a name."""
        if self.person.data == NEW and not field.data:
            raise ValidationError(_("Give the name of the new person."))

    def validate_address(self, field: StringField) -> None:
        """A new person has an address."""
        if self.person.data == NEW and not field.data:
            raise ValidationError(_("Give the address at which they read."))

    def validate_day(self, field: Day) -> None:
        """A moment has its day."""
        if self.moment.data == LATER and field.data is None and not field.errors:
            raise ValidationError(_("Give the day."))

    def validate_hour(self, field: Hour) -> None:
        """A moment has its time of day."""
        if self.moment.data == LATER and field.data is None and not field.errors:
            raise ValidationError(_("Give the time of day."))

    def since(self) -> datetime | None:
        """The moment that was asked for, None for at once."""
        if self.moment.data != LATER or self.day.data is None or self.hour.data is None:
            return None
        zone = ZoneInfo(self.zone.data)
        return datetime.combine(self.day.data, self.hour.data, tzinfo=zone).astimezone(UTC)
