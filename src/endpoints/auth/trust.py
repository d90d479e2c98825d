"""Declarations about callers, made into policies when the server is built. Mistakes show here, and name their place."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final

from endpoints.auth import addresses
from endpoints.auth.access_tokens import Lookup
from endpoints.auth.asking import Fetch
from endpoints.auth.flights import Flights
from endpoints.auth.keys import KeySource, discovery_address
from endpoints.auth.policy import Memory, Policy, Trusted
from endpoints.auth.remembered import Remembered
from endpoints.definitions import API_EXPLORER_CLIENT_ID, SKIP_CLIENT_ID_CHECK
from endpoints.exceptions import ApiConfigurationError
from endpoints.issuers import GOOGLE, GOOGLE_ISSUERS, Issuer, Terms
from endpoints.operations import Operation
from endpoints.users import convert_jwks_uri

_GOOGLES_KEYS: Final = "https://www.googleapis.com/robot/v1/metadata/x509/federated-signon@system.gserviceaccount.com"
_FETCHES: Final = 64  # of keys, at a time: more than there are issuers
_VERIFIED: Final = 1000  # tokens that are remembered for certain; see `Remembered`
_log = logging.getLogger("endpoints.auth")


class Trust:
    """Whom one server trusts, and what it has found out: the keys, the verified tokens, the policies.

    Nothing is fetched before a request needs it.

    Args:
        fetch: asks an address; over the network by default.
        clock: tells the time in seconds since 1970.
    """

    def __init__(self, fetch: Fetch | None, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._fetch = _over_the_network if fetch is None else fetch
        self._flights = Flights(_FETCHES)
        self._sources: dict[tuple[str, str | None], KeySource] = {}
        self._lookups: dict[Terms, Lookup] = {}
        self._policies: dict[object, Policy] = {}
        self._numbers = count()
        self._memory: Memory = Remembered(_VERIFIED)
        # Recorded: conformance/auth, dev/* and tokeninfo/explorer.
        self._is_local_development = os.environ.get("SERVER_SOFTWARE", "").startswith("Development")

    def policy(self, operation: Operation) -> Policy:
        """What an operation asks of tokens; the same object for operations that declare the same.

        Raises:
            ApiConfigurationError: an issuer makes no sense.
        """
        audiences = operation.audiences
        listed = sorted(audiences.items()) if isinstance(audiences, Mapping) else audiences
        declared = (id(operation.issuers), repr(listed), *map(tuple, (operation.allowed_client_ids, operation.scopes)))
        policy = self._policies.get(declared)
        if policy is None:
            policy = self._policies[declared] = Policy(
                number=next(self._numbers),
                issuers=self._issuers(operation),
                client_ids=self._client_ids(operation),
                scopes=tuple({frozenset(words.split()): None for words in operation.scopes if words.split()}),
                clock=self.clock,
                memory=self._memory,
            )
        return policy

    def source(self, name: str, jwks_uri: str | None) -> KeySource:
        """The keys of an issuer, which all that trust it share."""
        address = None if jwks_uri is None else convert_jwks_uri(jwks_uri)
        found = self._sources.get((name, address))
        if found is None:
            made = KeySource(name, address, self._fetch, self.clock, self._flights)
            found = self._sources.setdefault((name, address), made)
        return found

    def _client_ids(self, operation: Operation) -> frozenset[str] | None:
        declared = list(operation.allowed_client_ids)
        if declared and self._is_local_development:
            declared.append(API_EXPLORER_CLIENT_ID)
        return None if declared == SKIP_CLIENT_ID_CHECK else frozenset(declared)

    def _issuers(self, operation: Operation) -> dict[str, Trusted]:
        """Whose tokens count, by `iss`: what is declared, and Google, unless it is among that."""
        found: dict[str, Trusted] = {}
        issuers = dict(operation.issuers or {})
        _warn_of_audiences(operation, issuers)
        for name, issuer in issuers.items():
            where = f"{operation.rpc_name}: issuers[{name!r}]"
            names = _names(where, issuer.issuer)
            if not names:
                continue
            trusted = self._trusted(where, operation, name, names, issuer)
            for claim in names:
                if claim in found:
                    raise ApiConfigurationError(f"{where}: tokens of {claim!r} belong to another entry already")
                found[claim] = trusted
        if GOOGLE not in issuers:
            google = self._trusted("Google", operation, GOOGLE, GOOGLE_ISSUERS, Issuer(GOOGLE, _GOOGLES_KEYS))
            found.update({claim: google for claim in GOOGLE_ISSUERS if claim not in found})
        return found

    def _trusted(self, where: str, operation: Operation, name: str, names: tuple[str, ...], issuer: Issuer) -> Trusted:
        terms, jwks_uri = issuer.terms, issuer.jwks_uri
        for argument, address in (
            ("jwks_uri", jwks_uri),
            ("tokeninfo_uri", terms.tokeninfo_uri),
            ("introspection_uri", terms.introspection_uri),
        ):
            _check_address(f"{where}: {argument}", address)
        is_google = name == GOOGLE or not set(GOOGLE_ISSUERS).isdisjoint(names)
        keys = lookup = None
        if is_google or terms.introspection_uri or terms.tokeninfo_uri:
            lookup = self._lookups.setdefault(terms, Lookup(terms, self._fetch, self.clock))
        if jwks_uri is not None or not terms.introspection_uri:
            keys = self.source(names[-1] if jwks_uri else _described(where, names), jwks_uri)
        audiences = _audiences(operation, name, is_google)
        return Trusted(names=names, terms=terms, is_google=is_google, audiences=audiences, keys=keys, lookup=lookup)


def _over_the_network(
    url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    # PERF: urllib, http and ssl take 40 ms to import, which only servers pay for that are sent tokens.
    from endpoints.auth.network import fetch  # noqa: PLC0415

    return fetch(url, data, headers)


def _names(where: str, issuer: Any) -> tuple[str, ...]:
    """The `iss` claims of an issuer."""
    names = (issuer,) if isinstance(issuer, str) else issuer
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise ApiConfigurationError(f"{where}: issuer must be a string or a list of strings, not {issuer!r}")
    if not all(names):
        # A page of the documentation has lost its addresses, and what is printed there is served all the same.
        _log.warning("%s: no token comes from an issuer without a name", where)
    return tuple(dict.fromkeys(name for name in names if name))


def _described(where: str, names: tuple[str, ...]) -> str:
    """The issuer that says itself where its keys are."""
    found = [name for name in names if name.startswith(("https:", "http:"))]
    if len(found) != 1:
        raise ApiConfigurationError(f"{where}: without a jwks_uri, issuer must be one address to ask, not {names!r}")
    _check_address(f"{where}: issuer", discovery_address(found[0]))
    return found[0]


def _check_address(where: str, address: str | None) -> None:
    if address is not None:
        try:
            addresses.check(address)
        except ValueError as error:
            raise ApiConfigurationError(f"{where} {error}") from None


def _audiences(operation: Operation, name: str, is_google: bool) -> frozenset[str] | None:
    """The audiences of an issuer: a list is Google's, a dict goes by names."""
    declared: Any = operation.audiences
    if isinstance(declared, Mapping):
        found = declared.get(name, declared.get(GOOGLE) if is_google else None)
    else:
        found = (declared or ()) if is_google else None
    # A dict is not looked into where it is declared; what makes no sense was warned of there.
    return None if found is None else frozenset(each for each in _listed(found) if isinstance(each, str) and each)


def _listed(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else ()


def _warn_of_audiences(operation: Operation, issuers: Mapping[str, Issuer]) -> None:
    """Log audiences that are nobody's. They are declared so in the documentation's shorter samples, and accepted."""
    declared = operation.audiences
    if isinstance(declared, Mapping):
        for name in declared.keys() - issuers.keys() - {GOOGLE}:
            _log.warning("%s: audiences[%r] is no issuer of API %r", operation.rpc_name, name, operation.api_info.name)
    elif declared and issuers.keys() - {GOOGLE}:
        names = ", ".join(sorted(issuers.keys() - {GOOGLE}))
        _log.warning("%s: a list of audiences is Google's; others (%s) go by a dict", operation.rpc_name, names)
