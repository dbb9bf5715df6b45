"""People, mechanisms, and what they do together."""
