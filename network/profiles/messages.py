"""Mails about profiles: to the seats that draft, and to those that give consent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from core.house import House
from core.mail.message import BUILDERS, Message, Order, builder
from core.mail.render import compose
from network.accounts.models import Mailbox
from network.accounts.queries import is_read
from network.mechanisms.forms import FIELDS
from network.mechanisms.models import Mechanism
from network.profiles import queries
from network.profiles.models import PartVersion
from network.profiles.states import PartState

Builder = Callable[[Session, Order, House, datetime], Message | None]


def _about(name: str, state: PartState, path: str) -> Builder:
    """A mail about one version, sent while the version still stands in `state`."""

    def build(session: Session, order: Order, house: House, now: datetime) -> Message | None:
        version = session.get(PartVersion, order.subject_id)
        mailbox = session.get(Mailbox, order.recipient_id)
        if version is None or mailbox is None or not is_read(session, mailbox.id, now):
            return None
        if version.state is not state:
            return None
        mechanism = session.get_one(Mechanism, version.mechanism_id)
        where = path.format(version=version.id, key=mechanism.key, field=version.field.value)
        return compose(
            name,
            to=mailbox.address,
            language=order.locale,
            part=FIELDS[version.field],
            mechanism=mechanism.name,
            reason=version.reason,
            page=f"{house.public_url}{where}",
        )

    return build


BUILDERS |= {
    name: _about(name, state, path)
    for name, state, path in (
        ("profile_part_sent", PartState.WAITING, "/profile-consents/{version}"),
        ("profile_part_refused", PartState.REFUSED, "/mechanism/{key}/parts/{field}"),
        ("profile_part_hidden", PartState.WITHDRAWN, "/mechanism/{key}/parts/{field}"),
    )
}


@builder("profile_to_confirm")
def profile_to_confirm(
    session: Session, order: Order, house: House, now: datetime
) -> Message | None:
    """The yearly question whether old parts of a profile are still right; none if none is old."""
    mechanism = session.get(Mechanism, order.subject_id)
    mailbox = session.get(Mailbox, order.recipient_id)
    if mechanism is None or mailbox is None or not is_read(session, mailbox.id, now):
        return None
    many = queries.old_parts(session, [mechanism.id], now.date()).get(mechanism.id, 0)
    if not many:
        return None
    return compose(
        "profile_to_confirm",
        to=mailbox.address,
        language=order.locale,
        many=many,
        mechanism=mechanism.name,
        page=f"{house.public_url}/mechanism/{mechanism.key}",
    )
