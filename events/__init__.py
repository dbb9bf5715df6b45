"""Meetings, who comes, who speaks, what was said."""
