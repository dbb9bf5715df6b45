"""What knows no member and no meeting."""
