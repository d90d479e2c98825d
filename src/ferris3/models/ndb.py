"""Models of google-cloud-ndb. The key is the entity's, as a urlsafe text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import google.cloud.ndb as ndb  # noqa: PLR0402 - mypy finds it only so
from google.cloud.ndb.exceptions import BadValueError
from google.protobuf.message import DecodeError

from ferris3.models import conversion
from ferris3.models.conversion import GeoPtMessage, UserMessage
from ferris3.models.properties import Converters, Property
from protorpc.messages import Field, StringField


def _write_user(_known: Property, _field: Field[Any], value: Any) -> UserMessage:
    return UserMessage(email=value.email(), user_id=value.user_id(), nickname=value.nickname())


def _read_user(_known: Property, _field: Field[Any], value: Any) -> Any:
    if not value.email:
        raise ValueError("a user needs an email")
    # The part behind the at sign, as google.appengine.api.users has it for accounts of any domain.
    return ndb.User(value.email, _auth_domain="gmail.com", _user_id=value.user_id)


def _write_place(_known: Property, _field: Field[Any], value: Any) -> GeoPtMessage:
    return GeoPtMessage(lat=value.latitude, lon=value.longitude)


def _read_place(_known: Property, _field: Field[Any], value: Any) -> Any:
    if value.lat is None or value.lon is None or not (abs(value.lat) <= 90 and abs(value.lon) <= 180):
        raise ValueError("a place needs a lat from -90 to 90 and a lon from -180 to 180")
    return ndb.GeoPt(value.lat, value.lon)


def _write_key(_known: Property, _field: Field[Any], value: Any) -> str:
    return text_of(value)


def _read_key(known: Property, _field: Field[Any], value: str) -> Any:
    key = key_of(value)
    if known.native._kind not in (None, key.kind()):
        raise ValueError(f"this is the key of a {key.kind()}, not of a {known.native._kind}")
    return key


def _write_blob_key(_known: Property, _field: Field[Any], value: Any) -> str:
    return str(value._blob_key.decode())


def _read_blob_key(_known: Property, _field: Field[Any], value: str) -> Any:
    return ndb.BlobKey(value.encode())


class _Ndb:
    refusals = (ValueError, BadValueError)
    converters: Final[Converters] = {
        "TextProperty": conversion.TEXT,
        "CompressedTextProperty": conversion.TEXT,
        "BlobProperty": conversion.BYTES,
        "BooleanProperty": conversion.BOOLEAN,
        "IntegerProperty": conversion.INTEGER,
        "FloatProperty": conversion.FLOAT,
        "DateProperty": conversion.DATE,
        "TimeProperty": conversion.TIME,
        "DateTimeProperty": conversion.NAIVE_DATE_TIME,
        "AwareDateTimeProperty": conversion.AWARE_DATE_TIME,
        "UserProperty": conversion.Conversion(conversion.message_of(UserMessage), write=_write_user, read=_read_user),
        "GeoPtProperty": conversion.Conversion(
            conversion.message_of(GeoPtMessage), write=_write_place, read=_read_place
        ),
        "KeyProperty": conversion.Conversion(StringField, write=_write_key, read=_read_key),
        "BlobKeyProperty": conversion.Conversion(StringField, write=_write_blob_key, read=_read_blob_key),
        "JsonProperty": None,
        "PickleProperty": None,
        "ComputedProperty": None,
        "LocalStructuredProperty": None,  # for what it is nested, not for the bytes that keep it
    }

    def properties(self, model: type, asked: Collection[str]) -> Sequence[Property]:
        named = {each._code_name: each for each in model._properties.values()}  # type: ignore[attr-defined]
        # NDB keeps them by alphabet; the classes know the order in which they were written.
        ordered = [name for base in reversed(model.__mro__) for name in vars(base) if name in named]
        return [_property(name, named[name]) for name in dict.fromkeys(ordered)]

    def has_key(self, model: type) -> bool:
        return True

    def key_text(self, entity: Any) -> str | None:
        return None if entity._key is None or entity._key.id() is None else text_of(entity._key)

    def read_key(self, model: Any, text: str) -> Any:
        key = key_of(text)
        if key.kind() != model._get_kind():
            raise ValueError(f"this is the key of a {key.kind()}, not of a {model._get_kind()}")
        return key

    def set_key(self, entity: Any, key: Any) -> None:
        entity._key = key

    def new(self, model: type, values: Mapping[str, Any], key: Any) -> Any:
        made = model(**{name: value for name, value in values.items() if value is not None})
        if key is not None:
            self.set_key(made, key)
        return made


KIND: Final = _Ndb()


def text_of(key: Any) -> str:
    """Write a key as text."""
    return str(key.urlsafe().decode())


def key_of(text: str) -> Any:
    """Read the text of a key.

    Raises:
        ValueError: it is none, or one of another project, database or namespace than the present context's.
    """
    try:
        key = ndb.Key(urlsafe=text.encode("ascii"))
    except (ValueError, TypeError, DecodeError):
        raise ValueError(f"{text!r} is no key") from None
    context = ndb.get_context()
    here = (context.client.project, context.client.database or None, context.get_namespace() or None)
    if key.id() is None or (key.app(), key.database() or None, key.namespace() or None) != here:
        raise ValueError(f"{text!r} is no key of this place")
    return key


def _property(name: str, native: Any) -> Property:
    kinds = tuple(each.__name__ for each in type(native).__mro__)
    if isinstance(native, ndb.DateTimeProperty) and native._tzinfo is not None:
        kinds = ("AwareDateTimeProperty", *kinds)
    is_nested = isinstance(native, (ndb.StructuredProperty, ndb.LocalStructuredProperty))
    return Property(
        name=name,
        kinds=kinds,
        native=native,
        repeated=bool(native._repeated),
        required=bool(native._required) and isinstance(native, ndb.TextProperty),
        nested=native._model_class if is_nested else None,
        fills_itself=bool(getattr(native, "_auto_now", False) or getattr(native, "_auto_now_add", False)),
    )
