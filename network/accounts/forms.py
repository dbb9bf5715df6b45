"""What people type to sign in and to prove themselves."""

from __future__ import annotations

from wtforms import HiddenField, StringField

from core.languages import _l
from core.web.forms import AtMost, EmailAddress, Form, OneLine, Radio, Required
from network.accounts.models import ADDRESS_MOST

TYPED_MOST = 60


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
