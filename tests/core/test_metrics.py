"""What a monitoring system is told, and who may ask."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from core import health, metrics

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LABELS_ALLOWED = {"endpoint", "kind", "le", "name", "queue", "state", "status", "task", "ended"}


def families(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    return {
        family.name: {tuple(sample.labels.values()): sample.value for sample in family.samples}
        for family in text_string_to_metric_families(text)
    }


def test_depths_and_ages_are_measured_when_somebody_asks(client, session) -> None:
    health.alive(session, "backup")
    session.get_one(health.Heartbeat, "backup").at -= timedelta(hours=2)
    session.commit()
    answer = client.get("/metrics")
    found = families(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert found["relais_outbox_pending"] == {(): 0.0}
    assert found["relais_outbox_oldest_seconds"] == {(): 0.0}
    assert found["relais_audit_unsealed"] == {(): 0.0}
    assert 7200 <= found["relais_heartbeat_age_seconds"][("backup",)] < 7300


def test_no_label_could_hold_an_event_a_state_or_a_category(client, session) -> None:
    client.get("/health/live")
    text = client.get("/metrics").text
    labels = {
        name
        for line in text.splitlines()
        if line.startswith("relais_")
        for name in re.findall(r'(\w+)="', line)
    }
    assert "endpoint" in labels
    assert labels <= LABELS_ALLOWED


@pytest.mark.parametrize(
    ("came", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=192.0.2.7"}, 404),
    ],
)
def test_in_production_only_this_machine_may_ask(make_app, came, status) -> None:
    app = make_app(relais_env="production", public_url="https://relais.example", rate_limits="on")
    answer = app.test_client().get(
        "/metrics", base_url="https://relais.example", environ_overrides=came
    )
    assert answer.status_code == status


def test_a_measure_is_registered_once() -> None:
    before = list(metrics.MEASURES)
    metrics.measured(before[0])
    assert before == metrics.MEASURES
