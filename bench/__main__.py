"""`./run bench NAME`: NAME is a module of this folder with a `main(arguments)`."""

from __future__ import annotations

import importlib
import sys

NAMES = ("pages", "events", "exchange")


def main() -> int:
    """Run one measurement by its name."""
    if len(sys.argv) > 1 and sys.argv[1] in NAMES:
        importlib.import_module(f"bench.{sys.argv[1]}").main(sys.argv[2:])
        return 0
    print(f"Which measurement? One of: {', '.join(NAMES)}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
