"""The session of a request, and the one commit at its edge."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from flask import current_app, has_request_context, request, session
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction
from werkzeug.wrappers import Response

from core.model import Model
from core.uploads import Request

db = SQLAlchemy(metadata=Model.metadata, disable_autonaming=True)

FIRST_ERROR_STATUS = 400


class Relais(APIFlask):
    """A Flask application that commits once, after the view, or not at all."""

    request_class = Request

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer, then commit what succeeded; whatever failed leaves no row and no session behind."""
        try:
            answer: Response = self.make_response(super().dispatch_request())
            if answer.status_code < FIRST_ERROR_STATUS and may_write():
                db.session.commit()
            else:
                db.session.rollback()
        except BaseException:
            db.session.rollback()
            if session.modified:
                loaded = self.session_interface.open_session(self, request)
                session.clear()
                session.update(loaded or {})
            raise
        return answer


def may_write() -> bool:
    """Whether this request may change anything: GET, HEAD and OPTIONS never do."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in {"GET", "HEAD", "OPTIONS"} or bool(
        getattr(view, "leaves_a_trace", False)
    )


def hold_reads_read_only() -> None:
    """Let PostgreSQL refuse a write in a GET. One more round trip, so tests and demo only."""
    event.listen(Session, "after_begin", _read_only)


def _read_only(_session: Session, _transaction: SessionTransaction, connection: Any) -> None:
    if has_request_context() and not may_write():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def engine_options(*, pool: int) -> dict[str, Any]:
    """Options for every engine of ours: no value of a statement ever reaches a log or an error."""
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": pool,
        "max_overflow": pool,
        "connect_args": {"application_name": "relais", "connect_timeout": 5},
    }
