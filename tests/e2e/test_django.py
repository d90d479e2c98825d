"""The programs of docs/serving.md that choose between Django and a server, in processes of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.test_programs import BLOCK, ROOT
from tests.e2e.conftest import Start

pytestmark = pytest.mark.e2e

PAGE = ROOT / "docs" / "serving.md"
DJANGO_BLOCK = re.compile(r"^```python no-run\n(from django.*?)^```$", re.MULTILINE | re.DOTALL)
DJANGO_SETTINGS = """
SECRET_KEY = "for a test"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "pages"
"""
DJANGO_PAGES = """
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse("Django is at home"))]
"""


@pytest.mark.parametrize("name", ["wsgi", "asgi"])
def test_django(launch: Start, tmp_path: Path, name: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (tmp_path / "reports.py").write_text(BLOCK.findall(text)[0])
    (block,) = (found for found in DJANGO_BLOCK.findall(text) if f"get_{name}_application" in found)
    (tmp_path / "site_settings.py").write_text(DJANGO_SETTINGS)
    (tmp_path / "pages.py").write_text(DJANGO_PAGES)
    (tmp_path / f"{name}.py").write_text(f"import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'site_settings'\n{block}")
    server = launch("uvicorn", app=f"{name}:application", cwd=tmp_path)
    assert server.request("/").body == b"Django is at home"
    assert server.request("/_ah/api/reports/v1/read").json() == {"text": "from a thread"}
    described = server.request("/_ah/api/discovery/v1/apis/reports/v1/rest").json()
    assert described["rootUrl"] == f"{server.url}/_ah/api/"
    assert server.stop() == 0
