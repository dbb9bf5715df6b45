"""The names that people read for groups, lists and regions."""

from __future__ import annotations

from typing import Any

from core.languages import _l
from network.taxonomy.models import Flag, Group

GROUPS: dict[str, Any] = {
    Group.AG: _l("African States"),
    Group.APG: _l("Asia-Pacific States"),
    Group.EEG: _l("Eastern European States"),
    Group.GRULAC: _l("Latin American and Caribbean States"),
    Group.WEOG: _l("Western European and other States"),
}
FLAGS: dict[str, Any] = {
    Flag.LDC: _l("Least developed countries"),
    Flag.LLDC: _l("Landlocked developing countries"),
    Flag.SIDS: _l("Small island developing States"),
}
REGIONS: dict[str, Any] = {
    "Africa": _l("Africa"),
    "Americas": _l("Americas"),
    "Asia": _l("Asia"),
    "Europe": _l("Europe"),
    "Oceania": _l("Oceania"),
}
