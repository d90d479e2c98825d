"""Who may call an operation in two documents, compared."""

from __future__ import annotations

from collections.abc import Iterable

from endpoints.diff.model import Access, Credential
from endpoints.diff.rules import ChangeLog, Rule


def compare(where: str, old: tuple[Access, ...], new: tuple[Access, ...], log: ChangeLog) -> None:
    """Compare what callers have to show; what schemes are called in a document does not matter."""
    if frozenset(old) == frozenset(new):
        return
    what = f"needs {_described(old)} -> {_described(new)}"
    still_enough = all(any(_opens(shown, asked) for asked in new) for shown in old)
    log.add(Rule.ACCESS_LOOSENED if still_enough else Rule.ACCESS_TIGHTENED, where, what)


def _opens(shown: Access, asked: Access) -> bool:
    return all(any(_is_enough(has, needs) for has in shown) for needs in asked)


def _is_enough(has: Credential, needs: Credential) -> bool:
    if has.scheme != needs.scheme or not needs.scopes <= has.scopes:
        return False
    return not needs.audiences or (bool(has.audiences) and has.audiences <= needs.audiences)


def _described(alternatives: Iterable[Access]) -> str:
    texts = (" and ".join(sorted(map(_words, each))) or "no credentials" for each in alternatives)
    return " or ".join(dict.fromkeys(texts))


def _words(credential: Credential) -> str:
    scopes = f" with {', '.join(sorted(credential.scopes))}" if credential.scopes else ""
    audiences = f" for {', '.join(sorted(credential.audiences))}" if credential.audiences else ""
    return f"{credential.scheme}{audiences}{scopes}"
