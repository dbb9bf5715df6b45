"""The pages of plain text: what Relais is, privacy, accessibility, open data."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from core.web.access import access, anyone

pages = Blueprint("about", __name__)


@pages.get("/about")
@access(anyone)
def about() -> str:
    """What this is and who runs it."""
    g.keep = True
    return render_template("about/about.html")


@pages.get("/privacy")
@access(anyone)
def privacy() -> str:
    """What happens to personal details."""
    g.keep = True
    return render_template("about/privacy.html")


@pages.get("/accessibility")
@access(anyone)
def accessibility() -> str:
    """How the pages are made to be usable by everybody, and what is not yet."""
    g.keep = True
    return render_template("about/accessibility.html")


@pages.get("/open-data")
@access(anyone)
def open_data() -> str:
    """What may be taken and reused, and how."""
    g.keep = True
    return render_template("about/open_data.html")
