"""A key per layer: a hash of all that decides what is read for it, so that equal keys need no reading."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass

import orjson

import tweestad
from tweestad.build.inputs import InputState, code_key
from tweestad.build.plan import InputFile, LayerPlan, TwinPlan


def layer_keys(plan: TwinPlan, inputs: Sequence[InputState]) -> dict[str, str]:
    """The key of each layer, by its id.

    In it are the bytes of its files, its whole declaration, its place in the list of layers, the program
    and its libraries, and the same of each layer that it takes titles from. Not in it is where a file
    lies: the same bytes elsewhere are the same layer.
    """
    shas = {each.told: each.sha256 for each in inputs}
    own = {each.layer.id: _own_key(each, shas) for each in plan.layers}
    return {
        each.layer.id: _hash([position, own[each.layer.id], *(own[near.layer] for near in each.title_near)])
        for position, each in enumerate(plan.layers)
    }


def _own_key(plan: LayerPlan, shas: Mapping[str, str]) -> str:
    files = [[each.told, shas[each.told]] for each in plan.inputs]
    return _hash([tweestad.__version__, code_key(), plain(plan), files])


def plain(value: object) -> object:
    """A declaration as JSON values: a list of names and values for each dataclass, in their order.

    A mapping stays in its order too, for a legend is shown in the order in which it is written. Raises
    TypeError for what no declaration holds.
    """
    if isinstance(value, InputFile):
        return value.told
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, [[f.name, plain(getattr(value, f.name))] for f in fields(value)]]
    if isinstance(value, Mapping):
        return [[plain(key), plain(each)] for key, each in value.items()]
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a {type(value).__name__} in a declaration")


def _hash(body: object) -> str:
    return hashlib.sha256(orjson.dumps(body)).hexdigest()
