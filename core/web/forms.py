"""Forms: one typed door to Flask-WTF, fields that keep what was typed, sentences at the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from flask import current_app
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from wtforms import (
    DateField,
    Field,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
    ValidationError,
    widgets,
)
from wtforms.csrf.core import CSRF
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, StopValidation

from core.errors import Invalid
from core.languages import COMPLETE, _, _l, own_name

ADDRESS_MOST = 254
NAME_MOST = 64
KEPT_CONTROLS = "\n\t"
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of whatever follows, on badges and in lists too."""
NO_DAY = _l("Write the date as year-month-day, for example 2027-06-14.")
NO_HOUR = _l("Write the time as 14:30.")
EMPTY_LOOKING = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def cleaned(value: Any) -> Any:
    """Typed text without outer space, control and turning signs, composed; anything else as it is.

    What would be seen as nothing is nothing.
    """
    if not isinstance(value, str):
        return value
    lines = LINE_ENDS.sub("\n", value)
    kept = "".join(c for c in lines if c in KEPT_CONTROLS or _is_text(c))
    return unicodedata.normalize("NFC", kept).strip() if any(map(_is_seen, kept)) else ""


def _is_text(sign: str) -> bool:
    return sign not in TURNING and unicodedata.category(sign) not in {"Cc", "Cs"}


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "CZM" and sign not in EMPTY_LOOKING


class StaleCSRF(_FlaskFormCSRF):  # type: ignore[misc]  # Flask-WTF is untyped
    """The library's token with a sentence that says what to do."""

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """Refuse a missing, old or foreign token; what was typed stays in the form."""
        try:
            super().validate_csrf_token(form, field)
        except ValidationError:
            raise ValidationError(
                _("This page was open for too long. Check what you typed and send it again.")
            ) from None


class PublicForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """A form on an anonymous page that is kept whole: no cookie, so no token."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF is untyped
        """No token; every text is cleaned before anything looks at it."""

        csrf = False

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Put the cleaning in front of a field's own filters."""
            if issubclass(unbound_field.field_class, FieldList | FormField):
                nested: Field = unbound_field.bind(form=form, **options)
                return nested
            own = unbound_field.kwargs.get("filters", ())
            bound: Field = unbound_field.bind(form=form, filters=[cleaned, *own], **options)
            return bound

    def problems(self) -> list[tuple[str, str]]:
        """Every field with a problem, in page order: the id to go to, and the sentence."""
        found = [("", str(sentence)) for sentence in self.form_errors]
        found += [(target(field), str(field.errors[0])) for field in self if field.errors]
        return found

    def take(self, refusal: Invalid) -> None:
        """Put what a service refused at the fields it names, the rest at the top of the form."""
        for name, sentence in refusal.problems.items():
            if name in self:
                self[name].errors = [*self[name].errors, sentence]
            else:
                self.form_errors.append(sentence)
        if refusal.sentence:
            self.form_errors.append(refusal.sentence)


class Form(PublicForm):
    """A form behind a cookie: carries a token that ties it to the visit."""

    class Meta(PublicForm.Meta):
        """With a token."""

        csrf_class: type[CSRF] = StaleCSRF

        @property
        def csrf(self) -> bool:  # type: ignore[override]  # a constant in the parent, an answer here
            """On, unless a test says otherwise."""
            return bool(current_app.config.get("WTF_CSRF_ENABLED", True))


class Confirmation(Form):
    """A button with a token."""


def target(field: Field) -> str:
    """The id a link to this field leads to; a group of choices is entered at its first one."""
    if isinstance(field, RadioField | Checkboxes):
        return f"{field.id}-0"
    return "" if isinstance(field.widget, widgets.HiddenInput) else str(field.id)


def option(value: str, label: Any, hint: Any = "") -> SelectChoice:
    """One answer to choose, with a hint shown below its label in radio and checkbox groups."""
    return SelectChoice(value, label, render_kw={"hint": hint} if hint else {})


def language_choices() -> list[SelectChoice]:
    """Languages in which every message is complete, each in its own name."""
    return [option(code, own_name(code)) for code in COMPLETE]


class Choose(SelectField):
    """A select box."""

    def pre_validate(self, form: Any) -> None:
        """Refuse an answer that was not offered."""
        _offered(self, form, super().pre_validate)


class Radio(RadioField):
    """One of a few answers, all in sight."""

    def pre_validate(self, form: Any) -> None:
        """Refuse an answer that was not offered."""
        _offered(self, form, super().pre_validate)


class Checkboxes(SelectMultipleField):
    """Any of a few answers, all in sight."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Refuse an answer that was not offered."""
        _offered(self, form, super().pre_validate)


def _offered(field: Field, form: Any, check: Any) -> None:
    if not field.data:
        return
    try:
        check(form)
    except ValidationError:
        raise StopValidation(_("Choose one of the answers offered.")) from None


class Day(DateField):
    """A day as browsers send it, or nothing; `no_day` is said of what is no day of the calendar."""

    def __init__(self, *args: Any, no_day: Any = NO_DAY, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.no_day = no_day

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read YYYY-MM-DD; anything else stays as it was typed."""
        _read(super().process_formdata, valuelist, self.no_day)


class Hour(TimeField):
    """Hours and minutes as browsers send them, or nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read HH:MM; anything else stays as it was typed."""
        _read(super().process_formdata, valuelist, NO_HOUR)


def _read(read: Callable[[list[Any]], None], valuelist: list[Any], sentence: Any) -> None:
    try:
        read([value for value in valuelist if value])
    except ValueError:
        raise ValueError(str(sentence)) from None


def number(typed: str | None) -> int | None:
    """A whole number in any script's digits, or None."""
    return int(typed) if typed and typed.isdecimal() else None


class Whole:
    """A whole number within bounds, or nothing."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: Any, typed: StringField) -> None:
        """Refuse anything else."""
        if typed.data and number(typed.data) not in range(self.least, self.most + 1):
            raise ValidationError(
                _(
                    "Give a whole number from %(least)s to %(most)s.",
                    least=self.least,
                    most=self.most,
                )
            )


class Required(DataRequired):
    """Something must be typed or chosen; `sentence` says what, in the imperative."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(message=sentence)


class AtMost:
    """No longer than `most` characters. The browser is not told, since it would cut what is pasted."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse a longer text and say by how much."""
        length = len(field.data or "")
        if length > self.most:
            raise ValidationError(
                _(
                    "This is %(length)s characters long; %(most)s fit.",
                    length=length,
                    most=self.most,
                )
            )


class OneLine:
    """A text without line breaks, as names and titles are."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse a line break."""
        if "\n" in (field.data or ""):
            raise ValidationError(_("Write this on one line."))


class EmailAddress:
    """One e-mail address in any script. What is wrong with it is said, not guessed away."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse what no mail server would take."""
        sentence = address_problem(field.data or "")
        if sentence:
            raise ValidationError(sentence)


def _is_too_long(name: str, domain: str) -> bool:
    """Whether mail servers have no room for it; domains count as they are written for servers."""
    try:
        written = domain.encode("idna")
    except UnicodeError:
        return True
    return len(name.encode()) > NAME_MOST or len(name) + 1 + len(written) > ADDRESS_MOST


def address_problem(address: str) -> str:
    """What is wrong with an address, as a sentence; empty if nothing is seen to be."""
    name, _at, domain = address.rpartition("@")
    labels = domain.split(".")
    dots = name.startswith(".") or name.endswith(".") or ".." in name
    signs = (
        (any(c.isspace() for c in address), _("This address has a space in it.")),
        (
            any(c in '<>()[],;:\\"' for c in address),
            _("Give one address only, without brackets, commas or quotation marks."),
        ),
        (not name or "@" in name, _("An e-mail address has one @, as in name@example.org.")),
        (
            len(labels) == 1 or not all(labels) or dots,
            _("This address is not complete. It should look like name@example.org."),
        ),
        (_is_too_long(name, domain), _("This address is too long to be one.")),
    )
    return next((sentence for is_wrong, sentence in signs if address and is_wrong), "")
