"""The services of the kit are modules with plain names; no other test is to meet them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVICES = Path(__file__).parent / "services"


@pytest.fixture(autouse=True)
def services_forgotten() -> Iterator[None]:
    """Forget the modules of the kit that a test has imported."""
    yield
    for path in SERVICES.glob("*.py"):
        sys.modules.pop(path.stem, None)
