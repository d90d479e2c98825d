"""The endpoints of an application, registered before its services are imported: these need theirs at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ferris3 import registry
from ferris3.exceptions import NoDefaultEndpointError
from ferris3.location import PACKAGE
from ferris3.modules import imported

_MODULE: Final = "endpoints_config.py"
_DEFAULT: Final = Path(PACKAGE, "default-endpoint.yaml")


def register_endpoints(root: Path) -> None:
    """Import `endpoints_config.py` if there is one, and see to a default endpoint.

    Args:
        root: the folder of the application.

    Raises:
        ConventionError: an endpoint is not defined as it should be.
        Exception: whatever `endpoints_config.py` raises.
    """
    if (root / _MODULE).is_file():
        imported(root / _MODULE, root)
    if not _has_default() and (root / _DEFAULT).is_file():
        registry.add(root / _DEFAULT, default=True)


def _has_default() -> bool:
    try:
        registry.default()
    except NoDefaultEndpointError:
        return False
    return True
