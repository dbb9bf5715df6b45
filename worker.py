"""What `celery -A worker worker` and `celery -A worker beat` start from."""

from __future__ import annotations

from app import create_app
from workers.celery_app import make

celery = make(create_app())
