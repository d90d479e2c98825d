"""Which codec reads and writes which content type."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, ClassVar

from protorpc import protojson
from protorpc._rpc_errors import ServiceConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protorpc.messages import Message


class ProtocolConfig:
    """A codec under a name and with the content types that it is used for."""

    def __init__(
        self,
        protocol: Any,
        name: str,
        default_content_type: str | None = None,
        alternative_content_types: Iterable[str] | None = None,
    ) -> None:
        """Configure a codec.

        Args:
            protocol: Module or object with `encode_message(message)`, `decode_message(message_type, encoded)` and
                `CONTENT_TYPE`; perhaps `ALTERNATIVE_CONTENT_TYPES`.
            name: Name for this configuration.
            default_content_type: In place of the codec's `CONTENT_TYPE`.
            alternative_content_types: In place of the codec's `ALTERNATIVE_CONTENT_TYPES`.

        Raises:
            ServiceConfigurationError: A content type is given twice.
        """
        if alternative_content_types is None:
            alternative_content_types = getattr(protocol, "ALTERNATIVE_CONTENT_TYPES", ())
        self.protocol = protocol
        self.name = name
        self.default_content_type: str = (default_content_type or protocol.CONTENT_TYPE).lower()
        self.alternate_content_types = tuple(content_type.lower() for content_type in alternative_content_types)
        self.content_types = (self.default_content_type, *self.alternate_content_types)
        for content_type in self.content_types:
            if self.content_types.count(content_type) > 1:
                raise ServiceConfigurationError(f"Protocol {name!r} has content type {content_type!r} twice")

    def encode_message(self, message: Message) -> Any:
        """Write a message as the codec does."""
        return self.protocol.encode_message(message)

    def decode_message(self, message_type: type[Message], encoded_message: bytes | str) -> Any:
        """Read a message of class `message_type` as the codec does."""
        return self.protocol.decode_message(message_type, encoded_message)


class Protocols:
    """Protocol configurations, found by name or by content type without regard to case."""

    _default: ClassVar[Protocols | None] = None
    _default_lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self._by_name: dict[str, ProtocolConfig] = {}
        self._by_content_type: dict[str, ProtocolConfig] = {}

    def add_protocol_config(self, config: ProtocolConfig) -> None:
        """Add a configuration.

        Raises:
            ServiceConfigurationError: Its name or one of its content types is already taken; nothing is added.
        """
        if config.name.lower() in self._by_name:
            raise ServiceConfigurationError(f"Protocol name {config.name!r} is already in use")
        for content_type in config.content_types:
            if content_type in self._by_content_type:
                raise ServiceConfigurationError(f"Content type {content_type!r} is already in use")
        self._by_name[config.name.lower()] = config
        self._by_content_type.update(dict.fromkeys(config.content_types, config))

    def add_protocol(
        self,
        protocol: Any,
        name: str,
        default_content_type: str | None = None,
        alternative_content_types: Iterable[str] | None = None,
    ) -> None:
        """Add a ProtocolConfig made from these arguments.

        Raises:
            ServiceConfigurationError: As from ProtocolConfig and `add_protocol_config`.
        """
        self.add_protocol_config(ProtocolConfig(protocol, name, default_content_type, alternative_content_types))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all configurations, sorted."""
        return tuple(sorted(config.name for config in self._by_name.values()))

    @property
    def content_types(self) -> tuple[str, ...]:
        """All content types, sorted."""
        return tuple(sorted(self._by_content_type))

    def lookup_by_name(self, name: str) -> ProtocolConfig:
        """The configuration of that name. Raises KeyError when there is none."""
        return self._by_name[name.lower()]

    def lookup_by_content_type(self, content_type: str) -> ProtocolConfig:
        """The configuration for that content type. Raises KeyError when there is none."""
        return self._by_content_type[content_type.lower()]

    @classmethod
    def new_default(cls) -> Protocols:
        """A new collection with JSON in it, under the name `'protojson'`."""
        protocols = cls()
        protocols.add_protocol(protojson.ProtoJson.get_default(), "protojson")
        return protocols

    @classmethod
    def get_default(cls) -> Protocols:
        """The collection that servers use when they are not given one; one object for the whole process."""
        with Protocols._default_lock:
            if Protocols._default is None:
                Protocols._default = cls.new_default()
            return Protocols._default

    @classmethod
    def set_default(cls, protocols: Protocols) -> None:
        """Replace what `get_default` returns.

        Raises:
            TypeError: `protocols` is not a Protocols.
        """
        if not isinstance(protocols, Protocols):
            raise TypeError(f"Expected a Protocols object, found {protocols!r}")
        Protocols._default = protocols
