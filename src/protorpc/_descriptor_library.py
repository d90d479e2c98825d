"""Descriptors found by the full name of what they describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from protorpc import messages
from protorpc._describing import Descriptor, describe
from protorpc._descriptors import EnumDescriptor, FileDescriptor, MessageDescriptor, ServiceDescriptor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping


def import_descriptor_loader(definition_name: str, *, importer: Callable[..., Any] = __import__) -> Descriptor:
    """Describe what a full name stands for, importing the module that it is in.

    Args:
        definition_name: Name of a module, of a message, enum or service class, or of a field, enum value or remote
            method in one; a leading dot does not matter.
        importer: Called as the built-in `__import__`.

    Raises:
        DefinitionNotFoundError: The name stands for nothing that can be described.
    """
    name = definition_name.removeprefix(".")
    found = _module(name, importer) or _definition(name, importer) or _child(name, importer)
    if found is None:
        raise messages.DefinitionNotFoundError(f"Could not find definition for {definition_name}")
    return found


class DescriptorLibrary:
    """Descriptors by name, loaded when they are first asked for."""

    def __init__(
        self,
        *,
        descriptors: MutableMapping[str, Descriptor] | None = None,
        descriptor_loader: Callable[[str], Descriptor] | None = import_descriptor_loader,
    ) -> None:
        """Make a library.

        Args:
            descriptors: Where descriptors are kept; may hold some already.
            descriptor_loader: Gives the descriptor for a name, or raises DefinitionNotFoundError. None if the library
                is to know nothing but `descriptors`.
        """
        self._descriptors = {} if descriptors is None else descriptors
        self._load = descriptor_loader

    def lookup_descriptor(self, definition_name: str) -> Descriptor:
        """The descriptor for a full name.

        Raises:
            DefinitionNotFoundError: There is none, and the loader finds none.
        """
        if definition_name not in self._descriptors:
            if self._load is None:
                raise messages.DefinitionNotFoundError(f"Could not find definition for {definition_name}")
            self._descriptors[definition_name] = self._load(definition_name)
        return self._descriptors[definition_name]

    def lookup_package(self, definition_name: str) -> str | None:
        """The package that a definition belongs to, by the nearest module around it; None if there is no module.

        Raises:
            DefinitionNotFoundError: The name, or one that encloses it, stands for nothing.
        """
        name, dot = definition_name, "."
        while dot:
            descriptor = self.lookup_descriptor(name)
            if isinstance(descriptor, FileDescriptor):
                return descriptor.package
            name, dot, _ = name.rpartition(".")
        return None


def _module(name: str, importer: Callable[..., Any]) -> Descriptor | None:
    if not name:
        return None
    try:
        return describe(importer(name, None, None, [name.rpartition(".")[2]]))
    except ImportError:
        return None


def _definition(name: str, importer: Callable[..., Any]) -> Descriptor | None:
    try:
        return describe(messages.find_definition(name, importer=importer))
    except messages.DefinitionNotFoundError:
        return None


def _child(name: str, importer: Callable[..., Any]) -> Descriptor | None:
    """Services, methods, fields and enum values have no definition of their own and stand in that of their parent."""
    parent_name, _, leaf = name.rpartition(".")
    if not parent_name:
        return None
    try:
        parent = import_descriptor_loader(parent_name, importer=importer)
    except messages.DefinitionNotFoundError:
        return None
    return next((child for child in _children(parent) if child.name == leaf), None)


def _children(parent: Descriptor) -> Iterable[Any]:
    if isinstance(parent, FileDescriptor):
        return parent.service_types
    if isinstance(parent, ServiceDescriptor):
        return parent.methods
    if isinstance(parent, EnumDescriptor):
        return parent.values
    return parent.fields if isinstance(parent, MessageDescriptor) else ()
