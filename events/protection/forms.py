"""What a protection officer writes."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import Regexp

from core.languages import _l
from core.web.forms import AtMost, Choose, Form, Required
from events.protection.service import REASON_MOST


class FindForm(Form):
    """One record, by its meeting and its neutral number. There is no other way to find one."""

    event = Choose(_l("Meeting"), validators=[Required(_l("Choose the meeting."))])
    number = StringField(
        _l("Neutral number"),
        [
            Required(_l("Type the digits of the number.")),
            Regexp(r"^\d{1,6}$", message=_l("The number has four to six digits, as in 0417.")),
        ],
        description=_l("Four digits, sometimes more, as in “Participant 0417”"),
    )


class ReasonForm(Form):
    """Why this record has to be opened."""

    reason = TextAreaField(
        _l("Why do you have to open it?"),
        [Required(_l("Write the reason: the other officers will read it.")), AtMost(REASON_MOST)],
        description=_l(
            "The other officers read it, and are told today. The person sees that their record "
            "was opened, and when."
        ),
    )


class Press(Form):
    """A button with a token."""
