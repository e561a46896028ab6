"""Data collectors with a model that is pickled or copied: pickle takes no lambda, and Mesa makes functions of names.

Such functions are kept by what they are made of. They come back in the same Python version, where their module can be
imported; a model's own state needs none of this.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from importlib import import_module
from types import CellType, FunctionType
from typing import Any

import mesa


class _Function:
    """A function that pickle cannot find by its name."""

    def __init__(self, function: FunctionType) -> None:
        self.function = function

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        f = self.function
        held = tuple(picklable(cell.cell_contents) for cell in f.__closure__ or ())
        code = marshal.dumps(f.__code__)
        return _function, (code, f.__module__, f.__name__, picklable(f.__defaults__), picklable(f.__kwdefaults__), held)


def _function(code: bytes, module: str, name: str, defaults: Any, keywords: Any, held: tuple[Any, ...]) -> FunctionType:
    made = FunctionType(marshal.loads(code), vars(import_module(module)), name, defaults, tuple(map(CellType, held)))
    made.__kwdefaults__ = keywords
    return made


class _Collector:
    """A data collector, by what it holds."""

    def __init__(self, collector: mesa.DataCollector) -> None:
        self.collector = collector

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], Any]:
        kind = type(self.collector)
        return kind.__new__, (kind,), picklable(vars(self.collector))


def picklable(value: Any) -> Any:
    """The same in a form that pickle and copy take: data collectors, and functions without a name in a module."""
    if isinstance(value, mesa.DataCollector):
        return _Collector(value)
    if isinstance(value, FunctionType) and "<" in value.__qualname__:
        return _Function(value)
    if type(value) in (list, tuple):
        return type(value)(map(picklable, value))
    return {key: picklable(one) for key, one in value.items()} if type(value) is dict else value
