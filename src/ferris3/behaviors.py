"""`ferris3.Model` and `ferris3.Behavior`: models of google-cloud-ndb that are told what happens to them."""

from __future__ import annotations

from typing import Any, ClassVar

import google.cloud.ndb as ndb  # noqa: PLR0402 - mypy finds it only so


class Behavior:
    """What several models have in common to do when their entities are stored, read and deleted.

    One instance is made for each model that names the class in its `Meta.behaviors`.

    Args:
        Model: the model.
    """

    def __init__(self, Model: Any) -> None:  # noqa: N803 - as in ferris3
        self.Model = Model

    def before_put(self, item: Any) -> None:
        """An entity is about to be stored."""

    def after_put(self, item: Any) -> None:
        """An entity has been stored."""

    def before_delete(self, key: Any) -> None:
        """The entity with a key is about to be deleted."""

    def after_delete(self, key: Any) -> None:
        """The entity with a key has been deleted."""

    def before_get(self, key: Any) -> None:
        """The entity with a key is about to be read."""

    def after_get(self, item: Any) -> None:
        """An entity has been read; not called when there is none."""


class Model(ndb.Model):  # type: ignore[misc]
    """A model with methods that are called when entities are stored, read by their key, and deleted.

    ```python
    class Post(ferris3.Model):
        class Meta:
            behaviors = (Audited,)

        title = ndb.StringProperty()

        def before_put(self):
            self.title = self.title.strip()
    ```

    The behaviors are called before the model's own method.
    """

    class Meta:
        """Settings: `behaviors`, a tuple of subclasses of Behavior."""

        behaviors: ClassVar[tuple[type[Behavior], ...]] = ()

    def before_put(self) -> None:
        """This entity is about to be stored."""

    def after_put(self, key: Any) -> None:
        """This entity has been stored, and has this key."""

    @classmethod
    def before_delete(cls, key: Any) -> None:
        """The entity with a key is about to be deleted."""

    @classmethod
    def after_delete(cls, key: Any) -> None:
        """The entity with a key has been deleted."""

    @classmethod
    def before_get(cls, key: Any) -> None:
        """The entity with a key is about to be read."""

    @classmethod
    def after_get(cls, key: Any, item: Any) -> None:
        """The entity with a key has been read; None is what there is without one."""

    @classmethod
    def _behaviors(cls) -> list[Behavior]:
        if "_made_behaviors" not in vars(cls):
            kinds = getattr(cls.Meta, "behaviors", ())
            cls._made_behaviors = [each(cls) for each in kinds]
        made: list[Behavior] = cls._made_behaviors
        return made

    def _pre_put_hook(self) -> None:
        for each in self._behaviors():
            each.before_put(self)
        self.before_put()

    def _post_put_hook(self, future: Any) -> None:
        if future.exception() is None:
            for each in self._behaviors():
                each.after_put(self)
            self.after_put(future.get_result())

    @classmethod
    def _pre_delete_hook(cls, key: Any) -> None:
        for each in cls._behaviors():
            each.before_delete(key)
        cls.before_delete(key)

    @classmethod
    def _post_delete_hook(cls, key: Any, future: Any) -> None:
        if future.exception() is None:
            for each in cls._behaviors():
                each.after_delete(key)
            cls.after_delete(key)

    @classmethod
    def _pre_get_hook(cls, key: Any) -> None:
        for each in cls._behaviors():
            each.before_get(key)
        cls.before_get(key)

    @classmethod
    def _post_get_hook(cls, key: Any, future: Any) -> None:
        if future.exception() is None:
            item = future.get_result()
            for each in cls._behaviors() if item is not None else ():
                each.after_get(item)
            cls.after_get(key, item)
