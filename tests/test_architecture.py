"""Arrows between the rooms of src/ point one way, and nothing imports in a circle (function-level imports count)."""

from __future__ import annotations

import ast
import graphlib
import importlib.util
from pathlib import Path

SRC = Path(__file__).parent.parent / "src"

# A module may import from its own room and from rooms of a lower rank. The longest matching name is a module's room.
RANKS = {
    "protorpc": 0,
    "endpoints": 1,
    "endpoints.clients": 2,
    "endpoints.diff": 2,
    "endpoints.describe": 2,
    "endpoints.auth": 2,
    "endpoints.control": 2,
    "endpoints.metrics": 3,
    "endpoints.serving": 3,
    "endpoints.explorer": 4,
    "endpoints.server": 5,
    "endpoints.cli": 6,
    "ferris3": 6,
    "endpoints.__main__": 7,
    "endpoints.endpointscfg": 7,
}
MODULES = {
    ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__"): path for path in SRC.rglob("*.py")
}


def room(module: str) -> str:
    return max((name for name in RANKS if f"{module}.".startswith(f"{name}.")), key=len)


def imports(module: str) -> set[str]:
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            submodules = {f"{source}.{alias.name}" for alias in node.names} & MODULES.keys()
            found |= submodules or {source}
    return (found & MODULES.keys()) - {module}


def only_re_exports(module: str) -> bool:
    """A public surface or an old module path: it may name anything, being nothing itself."""
    body = ast.parse(MODULES[module].read_text()).body
    return all(isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign, ast.AnnAssign)) for node in body)


def test_arrows_point_one_way() -> None:
    wrong = [
        f"{module} imports {target}"
        for module in sorted(MODULES)
        if not only_re_exports(module)
        for target in sorted(imports(module))
        if room(target) != room(module) and RANKS[room(target)] >= RANKS[room(module)]
    ]
    assert wrong == []


def test_nothing_imports_in_a_circle() -> None:
    graphlib.TopologicalSorter({module: imports(module) for module in MODULES}).prepare()
