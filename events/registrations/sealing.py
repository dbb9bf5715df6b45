"""The one door between registrations and the vault: nothing else here imports `events.protection`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.house import House
from events.protection import queries as vault_log
from events.protection import service as vault
from events.registrations.models import Registration


def seal_details(
    session: Session,
    registration: Registration,
    *,
    address: str | None,
    name: str,
    organisation: str,
    needs: Sequence[str],
    needs_note: str,
    house: House,
) -> None:
    """Seal contact and identity as two records, in place of earlier ones."""
    vault.seal_contact(
        session,
        registration_id=registration.id,
        address=address,
        public_key=house.vault_public_key,
    )
    vault.seal_identity(
        session,
        registration_id=registration.id,
        event_id=registration.event_id,
        number=registration.number,
        identity=vault.Identity(
            name=name,
            organisation=organisation,
            needs=tuple(needs),
            needs_note=needs_note,
        ),
        public_key=house.vault_public_key,
    )


def carry_contact(session: Session, registration_id: UUID) -> tuple[str, bytes]:
    """Key id and sealed bytes of the address, to be carried elsewhere unread."""
    return vault.sealed_contact(session, registration_id=registration_id)


def address_of(session: Session, registration_id: UUID, *, house: House) -> str | None:
    """The address, where the vault's private key is; raises `seal.CannotOpen` anywhere else."""
    return vault.address_of(session, registration_id, private_key=house.vault_key)


def forget(session: Session, registration_id: UUID) -> None:
    """Take a person out of the vault."""
    vault.erase(session, registration_id=registration_id)


def openings_of(session: Session, registration_id: UUID) -> Sequence[datetime]:
    """When protection officers opened the record: what the person is shown."""
    return vault_log.openings_of(session, registration_id)
