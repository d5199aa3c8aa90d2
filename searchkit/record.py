"""How is a value with named parts made, without waiting for it?

A :class:`Record` is to its users a frozen dataclass. ``dataclass`` writes and compiles six
functions for each class: half a millisecond, and a third of what the command line takes to start
went there. Here all classes share one set of them.
"""

from __future__ import annotations

from typing import Any, dataclass_transform


@dataclass_transform(frozen_default=True)
class Record:
    """Base of a class whose annotations are its parts, in order, some with a default.

    Two are equal if they are of one class and all parts are; patterns match them by place.
    """

    __match_args__: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        # mypy knows it for a constant of each class, which it is from here on.
        cls.__match_args__ = (*cls.__match_args__, *cls.__annotations__)  # type: ignore[misc]

    def __init__(self, *values: Any, **named: Any) -> None:
        names = self.__match_args__
        if named or len(values) != len(names):
            values = self._complete(values, named)
        self.__dict__.update(zip(names, values, strict=True))
        self.__post_init__()

    def __post_init__(self) -> None:
        """Raises ``ValueError`` if the parts do not go together."""

    def _complete(self, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        """All parts in order. Raises ``TypeError`` as a function with these parameters would."""
        names = self.__match_args__
        unknown = named.keys() - names[len(values) :]
        if len(values) > len(names) or unknown:
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}, each once")
        try:
            rest = [
                named[name] if name in named else getattr(type(self), name)
                for name in names[len(values) :]
            ]
        except AttributeError as error:
            raise TypeError(f"{type(self).__name__} lacks {error.name}") from None
        return (*values, *rest)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be removed")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        parts = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__qualname__}({parts})"
