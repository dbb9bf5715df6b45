"""The names that people read in standing offers."""

from __future__ import annotations

from typing import Any

from core.languages import _l
from network.offers.models import Capacity, ExchangeType, PauseReason

TYPES: dict[str, Any] = {
    ExchangeType.EXPERT_MISSION: _l("Expert mission"),
    ExchangeType.STUDY_VISIT: _l("Study visit"),
    ExchangeType.WORKSHOP: _l("Workshop"),
    ExchangeType.ONLINE_CLINIC: _l("Online clinic"),
    ExchangeType.DOCUMENT_REVIEW: _l("Review of a document"),
    ExchangeType.MENTORING: _l("Mentoring"),
}
CAPACITIES: dict[str, Any] = {
    Capacity.ENGAGEMENT: _l("Engagement"),
    Capacity.COORDINATION: _l("Coordination"),
    Capacity.CONSULTATION: _l("Consultation"),
    Capacity.INFORMATION_MANAGEMENT: _l("Information management"),
}
PAUSES: dict[str, Any] = {
    PauseReason.OWN_REVIEW: _l("A review of our own is coming up"),
    PauseReason.STAFF_CHANGE: _l("Changes in our team"),
    PauseReason.GOVERNMENT_CHANGE: _l("A change of government"),
    PauseReason.OTHER_EXCHANGES: _l("Busy with other exchanges"),
    PauseReason.OTHER: _l("Another reason"),
}
