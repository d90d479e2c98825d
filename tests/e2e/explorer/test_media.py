"""Methods that are more than JSON in and JSON out: files, and answers that come bit by bit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.e2e.explorer.visitor import Visitor
from tests.e2e.processes import PATIENCE

pytestmark = pytest.mark.e2e

FILE: FilePayload = {"name": "one.png", "mimeType": "image/png", "buffer": b"\x89PNG"}


@pytest.fixture
def insert(visitor: Visitor) -> Visitor:
    return visitor.method("media", "v1", "photos.insert")


def answered(visitor: Visitor) -> object:
    visitor.execute()
    visitor.expect_status("200 OK")
    return json.loads(visitor.answer.locator("pre").inner_text())


def test_a_file_alone(insert: Visitor) -> None:
    insert.page.get_by_label("Content type of the body").select_option("image/*")
    insert.page.get_by_label("File to send").set_input_files(FILE)
    assert answered(insert) == {"type": "image/png", "size": 4}


def test_a_file_and_what_is_said_of_it(insert: Visitor) -> None:
    insert.page.get_by_label("Content type of the body").select_option("multipart/related")
    insert.execute()
    expect(insert.page.locator(".complaints")).to_contain_text("The file is required.")
    insert.page.get_by_label("File to send").set_input_files(FILE)
    insert.fill("title", "☃")
    assert answered(insert) == {"title": "☃", "type": "image/png", "size": 4}


def test_no_file(insert: Visitor) -> None:
    insert.fill("title", "none")
    assert answered(insert) == {"title": "none"}


@pytest.mark.parametrize("kind", ["image/*", "multipart/related"])
@pytest.mark.parametrize(
    ("name", "command"),
    [("curl", ("sh", "-c")), ("Python", (sys.executable, "-c")), ("requests", (sys.executable, "-c"))],
)
def test_uploads_as_code(insert: Visitor, tmp_path: Path, kind: str, name: str, command: Sequence[str]) -> None:
    page = insert.page
    page.get_by_label("Content type of the body").select_option(kind)
    page.get_by_label("File to send").set_input_files(FILE)
    (tmp_path / FILE["name"]).write_bytes(FILE["buffer"])
    page.get_by_role("tab", name=name, exact=True).click()
    code = page.get_by_role("tabpanel", name=name, exact=True).locator("pre").inner_text()
    done = subprocess.run(  # noqa: S603
        (*command, code), cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search("image/png.*4", done.stdout), done.stdout


def test_media_is_offered_as_a_file(visitor: Visitor) -> None:
    page = visitor.method("media", "v1", "photos.get").page
    page.get_by_label("alt", exact=True).select_option("media")
    visitor.execute()
    visitor.expect_status("200 OK")
    expect(visitor.answer).to_contain_text("image/png: it can be saved.")
    with page.expect_download() as saved:
        visitor.answer.get_by_role("button", name="Save").click()
    assert Path(saved.value.path()).read_bytes() == b"\x89PNG"


@pytest.mark.parametrize("kind", ["application/x-ndjson", "text/event-stream"])
def test_a_stream_appears_message_by_message(visitor: Visitor, kind: str) -> None:
    page = visitor.method("media", "v1", "ticks").page
    page.get_by_label("Answer as").select_option(kind)
    visitor.execute()
    items = visitor.answer.locator(".lines li")
    expect(items).to_have_count(3)
    assert [json.loads(each) for each in items.all_inner_texts()] == [{"title": f"photo {n}"} for n in range(3)]
    expect(visitor.answer).to_contain_text("This was all.")


def test_a_stream_can_be_stopped(visitor: Visitor) -> None:
    visitor.method("media", "v1", "ticks").fill("count", "100000")
    visitor.execute()
    expect(visitor.answer.locator(".lines li").nth(2)).to_be_visible()
    visitor.answer.get_by_role("button", name="Stop").click()
    expect(visitor.answer).to_contain_text("Stopped.")
    visitor.expect_status("200 OK")
