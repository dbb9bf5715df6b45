"""Measurements of the running platform. Each prints one JSON object a line; see README.md."""
