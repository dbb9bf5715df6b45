"""One platform for all browser tests of an xdist worker; each test registers its own people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.walls.processes import Site, running_alone


@pytest.fixture(scope="session")
def platform(
    keys: Any, mail_server: Any, tmp_path_factory: pytest.TempPathFactory, make_app: Any
) -> Iterator[Site]:
    """The whole platform with the demonstration's data."""
    home = tmp_path_factory.mktemp("browser") / "site"
    with running_alone(home, keys, mail_server.url, make_app) as site:
        yield site
