"""What focal points write in the draft of a practice, one language at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Regexp

from core.languages import _l, localized
from core.web.forms import AtMost, Checkboxes, Form, OneLine, Required, option
from network.exchanges.words import CAPACITIES
from network.practices.models import TEXT_MOST, TEXTS, TITLE_MOST, Practice
from network.practices.service import Words
from network.taxonomy.models import Theme


class PracticeForm(Form):
    """The words of a practice. Only the title has to be there."""

    title = StringField(
        _l("Title"), validators=[Required(_l("Give it a title.")), AtMost(TITLE_MOST), OneLine()]
    )
    problem = TextAreaField(_l("What was the problem?"), validators=[AtMost(TEXT_MOST)])
    what_was_done = TextAreaField(_l("What was done?"), validators=[AtMost(TEXT_MOST)])
    result = TextAreaField(_l("What came of it?"), validators=[AtMost(TEXT_MOST)])
    conditions = TextAreaField(_l("What does it take elsewhere?"), validators=[AtMost(TEXT_MOST)])
    what_did_not_work = TextAreaField(_l("What did not work?"), validators=[AtMost(TEXT_MOST)])
    themes = Checkboxes(_l("Themes"))
    capacities = Checkboxes(_l("Capacities"))
    revision = HiddenField(validators=[Regexp(r"\d{1,9}")])

    def __init__(self, *args: Any, themes: Iterable[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes.choices = [option(theme.key, localized(theme.names)) for theme in themes]
        self.capacities.choices = [option(key, label) for key, label in CAPACITIES.items()]

    def words(self) -> Words:
        """What was written, as the service takes it."""
        texts = {name: self[name].data or "" for name in TEXTS}
        return Words(
            **texts,
            themes=tuple(self.themes.data or ()),
            capacities=tuple(self.capacities.data or ()),
        )


def values_of(practice: Practice, language: str) -> dict[str, Any]:
    """The form's values for one language of a practice."""
    texts = {name: getattr(practice, name).get(language, "") for name in TEXTS}
    return texts | {
        "themes": practice.themes,
        "capacities": practice.capacities,
        "revision": str(practice.revision),
    }
