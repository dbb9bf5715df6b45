"""An invented State with its seats, two officers of the secretariat, and a browser for each."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from core.context import Actor
from network.accounts.models import Person, Proof, Reader, Visit
from network.applications.models import Membership, MembershipStatus
from network.consents import service as consents
from network.consents.models import Consent, ConsentKind
from network.seats import service as seats
from network.seats.models import Holder, Nomination, Seat
from tests.events.participant import Stage
from tests.walls.cast import Cast, acts, enter

PDF = b"%PDF-1.7\nThe letter itself\n%%EOF\n"


def letter(body: bytes = PDF, name: str = "letter.pdf") -> FileStorage:
    """A file as a browser sends it."""
    return FileStorage(io.BytesIO(body), name)


class Country:
    """Xandria, a member: a focal point, two authorising officers; and the secretariat."""

    def __init__(self, stage: Stage, iso3: str = "XAA", name: str = "Xandria") -> None:
        self.stage = stage
        now = stage.clock.now()
        with stage.live.session() as session, stage.live.app.app_context():
            cast = Cast(session, stage.keys, at=now)
            self.state_id = cast.state(iso3, iso3[0] + iso3[2], name).id
            self.iso3, body = iso3, self.state_id
            session.add(Membership(state_id=body, status=MembershipStatus.MEMBER, since=now))
            where = f"{name.lower()}.example"
            self.focal = cast.holder(
                "focal_point", name="Fanny Focal", address=f"mechanism@{where}", body_id=body
            )
            self.deputy = cast.holder(
                "deputy", name="Dario Deputy", address=f"mechanism@{where}", body_id=body
            )
            self.justice = cast.holder(
                "authorising", name="Justa Justice", address=f"justice@{where}", body_id=body
            )
            self.abroad = cast.holder(
                "authorising", name="Abel Abroad", address=f"abroad@{where}", body_id=body
            )
            self.noor = cast.holder(
                "secretariat", name="Noor Clerk", address=f"noor-{iso3}@secretariat.example"
            )
            self.paulo = cast.holder(
                "secretariat", name="Paulo Clerk", address=f"paulo-{iso3}@secretariat.example"
            )

    def client(self, holder: Holder, *, proved: timedelta | None = timedelta()) -> FlaskClient:
        """A browser of a holder, their own factor shown `proved` ago (None: by mailbox only)."""
        now = self.stage.clock.now()
        with self.stage.live.session() as session, self.stage.live.app.app_context():
            person = session.get_one(Person, holder.person_id)
            cast = Cast(session, self.stage.keys, at=now)
            reading = mailbox_of(session, holder)
            visit = Visit(
                mailbox_id=reading,
                person=person,
                holder=session.get_one(Holder, holder.id),
                at=now,
                proved=Proof.MAILBOX if proved is None else Proof.TOTP,
                proved_at=None if proved is None else now - proved,
            )
            cast.session.add(visit)
            session.flush()
        client = self.stage.live.client()
        enter(client, visit)
        return client

    def name(
        self, client: FlaskClient, seat: Seat | UUID | None = None, **typed: Any
    ) -> TestResponse:
        """Send the form that says who is to hold a seat."""
        basis = {
            "person": "new",
            "name": "Sunniva Successor",
            "address": "mechanism@xandria.example",
            "language": "en",
            "moment": "now",
            "zone": "UTC",
            "letter": letter(),
        }
        kept = {key: value for key, value in (basis | typed).items() if value is not None}
        boundary, body = encode_multipart(kept)
        seat_id = seat.id if isinstance(seat, Seat) else seat
        query = f"?seat={seat_id}" if seat_id else ""
        return client.post(
            f"/seats/of/{self.iso3}/name{query}",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    def handed(self, client: FlaskClient, seat_id: UUID, **typed: Any) -> TestResponse:
        """Name somebody and settle it; answers the last page."""
        sent = self.name(client, seat_id, **typed)
        assert sent.status_code == 303, sent.text
        return client.post(sent.location)

    def holders(self, seat_id: UUID) -> list[Holder]:
        """Everybody who ever held a seat, the earliest first."""
        with self.stage.live.session() as session:
            return list(
                session.scalars(
                    select(Holder).where(Holder.seat_id == seat_id).order_by(Holder.since)
                )
            )

    def nominations(self) -> list[Nomination]:
        """Every nomination there is."""
        with self.stage.live.session() as session:
            return list(session.scalars(select(Nomination)))

    def give(self, holder: Holder, subject_id: UUID | None = None, **scope: Any) -> Consent:
        """Let an authorising officer give a consent."""
        now = self.stage.clock.now()
        values = {
            "state_id": self.state_id,
            "kind": ConsentKind.AGREEMENT,
            "subject_kind": "agreement",
            "subject_id": subject_id or uuid4(),
        } | scope
        with self.stage.live.session() as session, self.stage.live.app.app_context():
            return consents.give(
                session, scope=consents.Scope(**values), by=self.by(holder), now=now
            )

    def by(self, holder: Holder) -> Actor:
        """A holder who has just shown their own factor."""
        return acts(
            holder.person_id,
            holder.seat_id,
            proved_at=self.stage.clock.now() - timedelta(seconds=1),
        )

    def end(self, holder: Holder) -> None:
        """End a holding now."""
        now = self.stage.clock.now()
        with self.stage.live.session() as session:
            row = session.get_one(Holder, holder.id)
            seats.end(session, holder=row, at=now, by=self.by(self.noor), now=now)

    def subjects(self, address: str) -> list[str]:
        """Subjects of the mails to an address, oldest first."""
        return [str(mail["Subject"]) for mail in self.stage.mailbox.to(address)]


def mailbox_of(session: Any, holder: Holder) -> UUID:
    """The mailbox that a holder reads."""
    return session.scalar(select(Reader.mailbox_id).where(Reader.person_id == holder.person_id))
