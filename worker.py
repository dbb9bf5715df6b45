"""What `celery -A worker worker` and `celery -A worker beat` start from."""

from __future__ import annotations

import contextlib
import os

from app import create_app
from workers.celery_app import make

PATIENCE = 10
"""On a small machine a burst of registrations is answered first; their mails follow in seconds."""

with contextlib.suppress(AttributeError, OSError):
    os.nice(PATIENCE)

celery = make(create_app())
