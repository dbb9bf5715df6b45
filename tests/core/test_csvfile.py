"""What is given out as CSV runs nowhere."""

from __future__ import annotations

import pytest

from core.documents import csvfile


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(start):
    assert csvfile.safe_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_other_cells_stay_as_they_are():
    assert [csvfile.safe_cell(value) for value in ("a=b", 2010, None, "é")] == [
        "a=b",
        "2010",
        "",
        "é",
    ]


def test_a_file_has_a_mark_a_header_and_quoted_cells():
    body = csvfile.write(("a", "b"), [{"a": 'x"y', "b": "1,2"}, {"a": "=1"}])
    assert body.decode("utf-8-sig") == 'a,b\r\n"x""y","1,2"\r\n\'=1,\r\n'
    assert body.startswith(b"\xef\xbb\xbf")
