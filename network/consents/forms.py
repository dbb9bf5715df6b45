"""What people type about consents."""

from __future__ import annotations

from wtforms import FileField, TextAreaField

from core.languages import _l
from core.web.forms import AtMost, Form, Radio, Required, option
from network.consents.models import REASON_MOST, Need


class WithdrawForm(Form):
    """Takes why a State withdraws."""

    reason = TextAreaField(
        _l("Reason"),
        [Required(_l("Give the reason in a sentence.")), AtMost(REASON_MOST)],
        description=_l("Your State’s seats and the secretariat read it, nobody else."),
    )


class RuleForm(Form):
    """Takes whose consent a State wants."""

    need = Radio(
        _l("Whose consent does your State want?"),
        choices=[
            option(Need.ANY_ONE.value, _l("That of any one authorising seat")),
            option(Need.ALL.value, _l("That of all authorising seats")),
        ],
        validators=[Required(_l("Choose one."))],
    )


class PaperForm(Form):
    """Takes what a paper consents to, and the paper."""

    subject = Radio(
        _l("What does the paper consent to?"),
        choices=[],
        validators=[Required(_l("Choose what it consents to."))],
    )
    note = FileField(
        _l("The note verbale"),
        description=_l("PDF, Word, OpenDocument, JPEG or PNG, up to 10 MB."),
    )
