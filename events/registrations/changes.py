"""Changing a registration that is there already: editing, passing on, hiding, erasing."""
