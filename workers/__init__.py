"""Facts become effects."""
