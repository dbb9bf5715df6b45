"""Catalogues: which texts the code and the templates hold, and the file each language answers in.

After changing a text run `python -m core.catalogue`: it brings every
translations/*/LC_MESSAGES/messages.po up to date, by the patterns of babel.cfg, compiles it for
the programs (./run and ./test do that too) and says what is left to translate. An entry whose English has changed a little keeps its translation, marked fuzzy,
until somebody has read it again; a build with a missing or fuzzy entry fails.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "_n": (1, 2), "sentence_for": (2,)}
KEPT = ("Language:", "Plural-Forms", "MIME-Version", "Content-")
"""Lines of a file's header that say something; the others would change with every edit."""
WIDTH = 100


def path_of(language: str, root: Path = ROOT) -> Path:
    """The file of one language."""
    return root / "translations" / language / "LC_MESSAGES" / "messages.po"


def translated(root: Path = ROOT) -> list[str]:
    """The languages that have a file."""
    return sorted(path.parent.parent.name for path in root.glob("translations/*/*/messages.po"))


def extracted(root: Path = ROOT) -> Catalog:
    """Every text for people with the files that hold it, in the order of those files."""
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel left it so
    found = Catalog(charset="utf-8")
    for top in sorted({str(pattern).split("/")[0] for pattern, _method in methods}):
        texts = extract_from_dir(
            str(root),
            methods,
            options,
            keywords=KEYWORDS,
            directory_filter=_only(root / top),
        )
        for file_name, _line, text, comments, context in texts:
            found.add(text, None, [(file_name, 0)], auto_comments=comments, context=context)
    return found


def _only(top: Path) -> Callable[[str], bool]:
    """Walk one folder of ours and nothing beside it, such as data and environments."""
    return lambda folder: top in (Path(folder), *Path(folder).parents)


def read(language: str, root: Path = ROOT) -> Catalog:
    """The catalogue of one language as it is kept; an empty one if there is none yet."""
    path = path_of(language, root)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def written(catalog: Catalog) -> str:
    """A catalogue as text. Without dates and line numbers, which would change with every edit."""
    out = io.BytesIO()
    catalog.header_comment = ""
    write_po(
        out, catalog, width=WIDTH, sort_by_file=True, include_lineno=False, include_previous=True
    )
    header, empty_line, entries = out.getvalue().decode("utf-8").partition("\n\n")
    kept = tuple(f'"{name}' for name in KEPT)
    lines = [line for line in header.splitlines() if line[:1] not in '"#' or line.startswith(kept)]
    return "\n".join(lines) + empty_line + entries


def updated(language: str, root: Path = ROOT) -> Catalog:
    """A language's catalogue brought to what the sources hold now; what they dropped is gone."""
    catalog = read(language, root)
    catalog.update(extracted(root), update_header_comment=False)
    catalog.obsolete.clear()
    return catalog


def is_open(message: Message) -> bool:
    """Whether a translator still has to write or read this one."""
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(message.id) and (message.fuzzy or not all(texts))


def main() -> int:
    """Update every language's file and say what is left to do in each."""
    left = 0
    for language in translated():
        catalog = updated(language)
        kept = path_of(language)
        kept.write_text(written(catalog), encoding="utf-8")
        with kept.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        still_open = [message for message in catalog if is_open(message)]
        left += len(still_open)
        sys.stdout.write(f"{language}: {len(catalog)} texts, {len(still_open)} to translate\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
