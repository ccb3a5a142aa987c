"""The public API is typed: no argument or result is `Any`."""

import ast
import functools
import gc
import inspect
import typing
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_ixn
import pulumi_ixn.contract
import pulumi_ixn.testing
import pytest
from pulumi_ixn.testing import deploy

from tests.unit.samples import ixn
from tests.unit.test_single_components import database, kafka, node, redis, server, vq_node

MODULES = (pulumi_ixn, pulumi_ixn.contract)
PUBLIC = {f"{module.__name__}.{name}": getattr(module, name) for module in MODULES for name in module.__all__}
CLASSES = {name: each for name, each in PUBLIC.items() if inspect.isclass(each)}
RECORDS = {name: each for name, each in CLASSES.items() if is_dataclass(each)}
COMPONENTS = {name: each for name, each in CLASSES.items() if issubclass(each, pulumi.ComponentResource)}
FUNCTIONS = {name: each for name, each in PUBLIC.items() if inspect.isfunction(each)}
INPUT = {"Output": pulumi.Output, "T": object}
"""What `pulumi.Input` names as a string: `Output[T]`."""

components = pytest.mark.parametrize("component", COMPONENTS.values(), ids=COMPONENTS)


def parts(kind: Any) -> Iterator[Any]:
    """Yield a type and all types that it is composed of."""
    yield kind
    for each in typing.get_args(kind):
        yield from parts(each)


def is_typed(kind: Any) -> bool:
    return not any(each is Any for each in parts(kind))


def signature(function: Callable[..., Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(function, localns=INPUT)
    wanted = {*inspect.signature(function).parameters, "return"} - {"self"}
    return {name: hints.get(name, Any) for name in wanted}


def test_any_is_found_at_every_position() -> None:
    assert not is_typed(dict[str, pulumi.Input[list[Any]] | None])
    assert is_typed(dict[str, pulumi.Input[list[int]] | None])


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_every_field_of_a_record_is_typed(record: Any) -> None:
    hints = typing.get_type_hints(record, localns=INPUT)

    assert {field.name for field in fields(record) if not is_typed(hints[field.name])} == set()


@components
def test_every_argument_of_a_component_is_typed(component: Any) -> None:
    assert {name for name, kind in signature(component.__init__).items() if not is_typed(kind)} == set()


@pytest.mark.parametrize(
    "make",
    [
        ixn,
        database,
        kafka,
        redis,
        server,
        node,
        vq_node,
    ],
)
def test_every_attribute_of_a_component_is_declared_with_its_type(make: Callable[..., Any]) -> None:
    def program() -> None:
        plain, component = pulumi.ComponentResource("team:index:Plain", "plain"), make("one")
        hints = inspect.get_annotations(type(component))
        attributes = vars(component).keys() - vars(plain).keys()
        assert attributes
        assert {name for name in attributes if not is_typed(hints.get(name, Any))} == set()

    deploy(program)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_public_function_is_typed(function: Any) -> None:
    assert {name for name, kind in signature(function).items() if not is_typed(kind)} == set()


def names_in(tree: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}


def annotations(value: Any) -> set[str]:
    """Yield the names in the annotations of a class's attributes or of a function."""
    (top,) = ast.parse(inspect.getsource(value)).body
    if isinstance(top, ast.FunctionDef):
        found = [*(each.annotation for each in top.args.args), top.returns]
    else:
        assert isinstance(top, ast.ClassDef)
        found = [each.annotation for each in top.body if isinstance(each, ast.AnnAssign)]
    return {name for annotation in found if annotation for name in names_in(annotation)}


@functools.cache
def own_names() -> set[str]:
    """Yield the classes and type aliases that the package defines."""
    # A finalizer that runs while a tree is built fails it on Python 3.11, and failed Outputs leave such objects.
    gc.collect()
    files = Path(pulumi_ixn.__file__).parent.rglob("*.py")
    nodes = [each for file in files for each in ast.parse(file.read_text(encoding="utf-8")).body]
    classes = {each.name for each in nodes if isinstance(each, ast.ClassDef)}
    aliases = {
        name
        for each in nodes
        if isinstance(each, ast.AnnAssign) and names_in(each.annotation) == {"TypeAlias"}
        for name in names_in(each.target)
    }
    return classes | aliases


@pytest.mark.parametrize("value", [*CLASSES.values(), *FUNCTIONS.values()], ids=[*CLASSES, *FUNCTIONS])
def test_types_in_public_annotations_are_public(value: Any) -> None:
    public = {name for module in MODULES for name in module.__all__}

    assert annotations(value) & own_names() <= public


@pytest.mark.parametrize("value", PUBLIC.values(), ids=PUBLIC)
def test_every_public_name_is_documented(value: Any) -> None:
    assert not (inspect.isclass(value) or inspect.isfunction(value)) or value.__doc__
