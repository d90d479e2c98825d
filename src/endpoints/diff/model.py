"""An API as its callers see it, in terms of no document format; what a format cannot say is left at its default."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from endpoints.semver import path_version

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")


class Format(enum.Enum):
    """What a document is written in."""

    DISCOVERY = "discovery document"
    """Google's, for its own clients."""
    OPENAPI_2 = "OpenAPI 2.0"
    """Also called Swagger."""
    OPENAPI_3 = "OpenAPI 3"
    """Versions 3.0 and 3.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property of an object."""

    value: Value
    read_only: bool = False
    """Whether it is in answers only."""
    write_only: bool = False
    """Whether it is in requests only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a value is in JSON, or in a path, a query or a header."""

    type: str | None = None
    """JSON type, several with `|` between them; None for any value. That of a reference is not known here."""
    format: str | None = None
    enum: frozenset[str] = frozenset()
    """The only values there are; empty when there are others."""
    default: str | None = None
    nullable: bool = False
    reference: str | None = None
    """Name of the schema that says the rest."""
    items: Value | None = None
    """Of an array: its elements."""
    properties: Mapping[str, Property] = field(default_factory=dict)
    """Of an object."""
    required: frozenset[str] = frozenset()
    """Of an object: the properties that are always there."""
    additional: Value | None = None
    """Of an object: what its other properties are."""
    variants: tuple[Value, ...] = ()
    """One of them says the rest."""
    limits: Mapping[str, str | float] = field(default_factory=dict)
    """`maximum`, `pattern` and the like, by their names in JSON Schema; `additionalProperties` where there are none."""
    text: str = ""
    """What it says to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """An argument of an operation outside of its body."""

    name: str
    location: str
    """`path`, `query`, `header` or `cookie`."""
    required: bool
    value: Value
    style: str = ""
    """How several values are written, by its name in OpenAPI 2.0: `multi`, `csv` ...; empty for one value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The body of a request or of an answer."""

    media: Mapping[str, Value]
    """By media type, in lower case and without parameters."""
    required: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """One thing that a caller has to show."""

    scheme: str
    """What it is and where it is sent, in words."""
    scopes: frozenset[str] = frozenset()
    """All of which are needed."""
    audiences: frozenset[str] = frozenset()
    """One of which a token has to be made for; empty when nothing is said about it."""


Access = frozenset[Credential]
"""What lets a caller in, all of it together; empty for everyone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method at one address."""

    verb: str
    """In upper case."""
    path: str
    """Template below the base path of the API, begins with a slash."""
    id: str | None = None
    groups: tuple[str, ...] = ()
    """Tags, by which generated clients sort their methods."""
    parameters: tuple[Parameter, ...] = ()
    order: tuple[str, ...] | None = None
    """Names of arguments by position; None when the format does not say."""
    body: Content | None = None
    answers: Mapping[str, Content] = field(default_factory=dict)
    """By status, `4xx` or `default`; of an empty answer `media` is empty."""
    access: tuple[Access, ...] = (frozenset(),)
    """The alternatives, of which a caller needs one."""
    deprecated: bool = False
    quota: Mapping[str, str] = field(default_factory=dict)
    """What a call costs, by metric."""
    text: str = ""

    @property
    def variables(self) -> list[str]:
        """Names of the variables in the path, in order."""
        return _VARIABLE.findall(self.path)

    @property
    def shape(self) -> str:
        """The path without the names of its variables."""
        return _VARIABLE.sub("{}", self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """All that one document describes."""

    source: str
    """Name of the file or module, for messages."""
    format: Format
    name: str
    version: str
    """As declared."""
    servers: tuple[str, ...] = ()
    """Scheme, host and port; none when the document does not say, or says a loopback address."""
    base: str = ""
    """What all paths begin with, without a slash at its end."""
    operations: tuple[Operation, ...] = ()
    schemas: Mapping[str, Value] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    """What every operation takes besides its own."""
    package: Mapping[str, str] = field(default_factory=dict)
    """What generators take the names of packages and classes from, besides the name of the API."""
    quota: Mapping[str, str] = field(default_factory=dict)
    """Limits by metric."""
    text: str = ""

    @property
    def path_version(self) -> str:
        """The version in addresses: `v2` of `2.1.0`; one that is not SemVer as it is."""
        return path_version(self.version)

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".strip()
