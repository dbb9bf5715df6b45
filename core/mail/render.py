"""From a folder of templates to the words of one mail, in the recipient's language.

`templates/mail/<name>/` holds `subject.txt`, `body.txt` and `body.html`. The text is complete by
itself; the HTML has its styles inlined, keeps its dark mode and reads in both directions.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from flask import Flask, current_app

from core import languages
from core.house import house
from core.mail.message import Attachment, Message

STYLES = "mail/_base/mail.css"


def compose(
    name: str,
    *,
    to: str,
    language: str,
    attachments: tuple[Attachment, ...] = (),
    **context: Any,
) -> Message:
    """Write message `name` to the address `to`; `context` is what its templates speak of."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- Flask's own way to the application
    spoken = language if language in app.config["KNOWN_LANGUAGES"] else "en"
    with languages.force_locale(spoken):
        known = _surroundings(spoken) | context
        subject = " ".join(_template(app, name, "subject.txt", known).split())
        text = tidy(_template(app, name, "body.txt", known))
        html = _template(app, name, "body.html", known | {"subject": subject})
    return Message(
        to=to,
        language=spoken,
        subject=subject,
        text=text,
        html=inline(html, stylesheet(str(Path(app.root_path) / "templates" / STYLES))),
        attachments=attachments,
    )


def _template(app: Flask, name: str, part: str, context: dict[str, Any]) -> str:
    return app.jinja_env.get_template(f"mail/{name}/{part}").render(**context)


def _surroundings(language: str) -> dict[str, Any]:
    """What every mail template may use. No request is near, so nothing of one."""
    return {
        "lang": language,
        "dir": languages.direction(language),
        "public_url": house().public_url,
        "is_production": house().is_production,
        "moment": languages.moment,
        "day": languages.day,
        "month": languages.month,
        "clock_time": languages.clock_time,
        "localized": languages.localized,
    }


def tidy(text: str) -> str:
    """Lines without trailing space, never two empty ones together, one newline at the end."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"


@cache
def stylesheet(path: str) -> str:
    """The one stylesheet of all mails."""
    return Path(path).read_text(encoding="utf-8")


def inline(html: str, css: str) -> str:
    """Put each rule on its elements, for the many readers that drop `<style>`; keep @media."""
    styled = html.replace("</head>", f"<style>{css}</style></head>", 1)
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(styled)
