"""Keeping the agreement as a document, once both States have consented to its words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from core import files
from core.file_kinds import DOCX
from core.languages import COMPLETE
from network.exchanges import consenting
from network.exchanges.agreeing import agreement_text
from network.exchanges.models import Exchange
from network.exchanges.models_case import Agreement
from network.exchanges.moving import locked
from network.exchanges.paper import agreement_paper


def keep_agreement(
    session: Session, *, exchange_id: UUID, folder: Path, now: datetime
) -> Agreement | None:
    """Build and keep the document of the agreed terms, once a version; None if nothing is agreed."""
    exchange = locked(session, exchange_id)
    agreement = consenting.newest_agreement(session, exchange.id)
    if agreement is None or agreement.agreed_at is None or agreement.file_id is not None:
        return agreement
    language = language_of(exchange, agreement)
    row = files.keep(
        session,
        files.Disk(folder),
        body=agreement_paper(agreement_text(session, exchange, agreement), language),
        name=f"{exchange.reference}-{agreement.version}.docx",
        mime=DOCX.mime,
        owner_kind="exchange",
        owner_id=exchange.id,
        now=now,
    )
    session.flush()
    agreement.file_id = row.id
    session.flush()
    return agreement


def language_of(exchange: Exchange, agreement: Agreement) -> str:
    """The first language of the request that both sides work in and the paper can speak, or English."""
    spoken = set(agreement.languages) & set(COMPLETE)
    return next((code for code in exchange.languages if code in spoken), "en")
