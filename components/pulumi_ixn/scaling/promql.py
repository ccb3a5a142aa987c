"""What the PromQL query of an autoscaler reads, and whether its value is a total or the figure of one replica.

This reads what such queries consist of: selectors, functions, aggregations and arithmetic. It does not check what
Prometheus itself rejects, such as the number of a function's arguments.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from pulumi_ixn.parsing import Invalid


class Shape(Enum):
    """What a query returns."""

    NUMBER = "a number that depends on no series"
    TOTAL = "a total over all replicas"
    PER_REPLICA = "the figure of one replica"
    MIXED = "a mixture of totals and figures of one replica"
    SERIES = "one value for each series"


@dataclass(frozen=True)
class Selector:
    """A selector: its metric, its labels with `=`, and the functions around it, the outermost first."""

    metric: str
    equal: Mapping[str, str]
    functions: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A query. `has_default` says whether `or` puts a number in the place of a missing series."""

    shape: Shape
    selectors: Sequence[Selector]
    has_default: bool


def parse_query(text: str) -> Query:
    """Return the parts of a query. Raises Invalid if it is not PromQL."""
    reader = _Reader(_tokens(text))
    shape = reader.expression()
    reader.take("end")
    return Query(shape, tuple(reader.selectors), reader.has_default)


_AGGREGATIONS: Mapping[str, Shape] = {
    **dict.fromkeys(("sum", "count"), Shape.TOTAL),
    **dict.fromkeys(("avg", "max", "min", "quantile", "stddev", "stdvar", "group"), Shape.PER_REPLICA),
    **dict.fromkeys(("topk", "bottomk", "count_values", "limitk", "limit_ratio"), Shape.SERIES),
}
_COMPARISONS = ("==", "!=", ">", "<", ">=", "<=")
_PRECEDENCE: Mapping[str, int] = {
    "or": 1, "and": 2, "unless": 2, **dict.fromkeys(_COMPARISONS, 3), "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
    "atan2": 5, "^": 6,
}  # fmt: skip
_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
      | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)
      | (?P<number>0[xX][0-9a-fA-F]+|(?:[0-9]+(?:ms|[smhdwy]))+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<name>[A-Za-z_:][A-Za-z0-9_:]*)
      | (?P<symbol>=~|!~|!=|==|>=|<=|[-+*/%^=<>(){}\[\],@:])""",
    re.VERBOSE,
)
_Token = tuple[str, str]
_END: _Token = ("end", "end of the query")


def _tokens(text: str) -> list[_Token]:
    tokens, position = list[_Token](), 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Invalid(f"is not PromQL: unexpected {text[position]!r}")
        position = match.end()
        kind = str(match.lastgroup)
        if kind == "name" and match[0].lower() in ("inf", "nan"):
            kind = "number"
        if kind != "space":
            tokens.append((match[0] if kind == "symbol" else kind, match[0]))
    return [*tokens, _END]


class _Reader:
    """Reads the tokens of a query, by recursive descent."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens, self._next = tokens, 0
        self._around: tuple[str, ...] = ()
        self.selectors: list[Selector] = []
        self.has_default = False

    @property
    def _kind(self) -> str:
        return self._tokens[self._next][0]

    @property
    def _text(self) -> str:
        return self._tokens[self._next][1]

    def take(self, kind: str) -> str:
        """Return the text of the next token, which must be of this kind."""
        if self._kind != kind:
            raise Invalid(f"is not PromQL: unexpected {self._text!r}")
        self._next += 1
        return self._tokens[self._next - 1][1]

    def _skip(self, *texts: str) -> bool:
        """Skip the next token if it is one of these."""
        found = self._kind != "string" and self._text.lower() in texts
        self._next += found
        return found

    def expression(self, least: int = 0) -> Shape:
        """Read operands joined by operators of at least this precedence."""
        left = self._operand()
        while (precedence := _PRECEDENCE.get(self._text.lower(), 0)) > least and self._kind != "string":
            operator = self._tokens[self._next][1].lower()
            self._next += 1
            self._skip("bool")
            while self._skip("on", "ignoring", "group_left", "group_right"):
                if self._kind == "(":
                    self._labels()
            right = self.expression(precedence if operator != "^" else precedence - 1)
            self.has_default |= operator == "or" and Shape.NUMBER in (left, right)
            left = _combined(operator, left, right)
        return left

    def _operand(self) -> Shape:
        if self._skip("+", "-"):
            return self._operand()
        shape = self._primary()
        while self._kind in ("[", "@") or self._text.lower() == "offset":
            self._modifier()
        return shape

    def _primary(self) -> Shape:
        if self._skip("("):
            inner = self.expression()
            self.take(")")
            return inner
        if self._kind in ("number", "string"):
            self._next += 1
            return Shape.NUMBER
        if self._kind == "{":
            return self._selector("")
        name = self.take("name")
        if name.lower() in _AGGREGATIONS and (self._kind == "(" or self._text.lower() in ("by", "without")):
            return self._aggregation(name.lower())
        if self._kind == "(":
            return self._function(name)
        return self._selector(name)

    def _arguments(self, function: str) -> list[Shape]:
        """Read the arguments of a function, and return their shapes."""
        outside, self._around = self._around, (*self._around, function)
        shapes: list[Shape] = []
        self.take("(")
        while self._kind != ")":
            shapes.append(self.expression())
            if not self._skip(","):
                break
        self.take(")")
        self._around = outside
        return shapes

    def _aggregation(self, name: str) -> Shape:
        first, grouping = len(self.selectors), self._grouping()
        self._arguments(name)
        word, labels = grouping or self._grouping() or ("by", [])
        single = {"le"} if "histogram_quantile" in self._around else set[str]()
        alone = all({*labels} <= {*each.equal, *single} for each in self.selectors[first:])
        return _AGGREGATIONS[name] if word == "by" and alone else Shape.SERIES

    def _grouping(self) -> tuple[str, Sequence[str]] | None:
        word = self._text.lower()
        return (word, self._labels()) if self._skip("by", "without") else None

    def _labels(self) -> list[str]:
        self.take("(")
        labels: list[str] = []
        while self._kind != ")":
            labels.append(self.take("name"))
            if not self._skip(","):
                break
        self.take(")")
        return labels

    def _function(self, name: str) -> Shape:
        shape = next((each for each in self._arguments(name) if each is not Shape.NUMBER), Shape.NUMBER)
        return Shape.PER_REPLICA if name == "histogram_quantile" and shape is Shape.TOTAL else shape

    def _selector(self, metric: str) -> Shape:
        equal: dict[str, str] = {}
        if self._skip("{"):
            while self._kind != "}":
                label = self._tokens[self._next][1] if self._kind == "string" else ""
                self._next += bool(label)
                if label:  # the quoted name of a metric
                    metric = label[1:-1]
                else:
                    label = self.take("name")
                    if self._skip("="):
                        equal[label] = self.take("string")[1:-1]
                    else:
                        self.take(next((each for each in ("!=", "=~", "!~") if each == self._kind), "="))
                        self.take("string")
                if not self._skip(","):
                    break
            self.take("}")
        self.selectors.append(Selector(equal.pop("__name__", metric), equal, self._around))
        return Shape.SERIES

    def _modifier(self) -> None:
        """Skip a range or subquery, an offset or a time."""
        if self._skip("["):
            while self._kind not in ("]", "end"):
                self._next += 1
            self.take("]")
        elif self._skip("@"):
            if self._skip("start", "end"):
                self.take("(")
                self.take(")")
            else:
                self.take("number")
        else:
            self.take("name")
            self._skip("-")
            self.take("number")


def _combined(operator: str, left: Shape, right: Shape) -> Shape:
    if operator in _COMPARISONS or operator in ("and", "unless"):
        return right if left is Shape.NUMBER else left
    known = {left, right} - {Shape.NUMBER}
    if not known:
        return Shape.NUMBER
    if len(known) == 1:
        ratio = operator == "/" and left is right is Shape.TOTAL
        return Shape.PER_REPLICA if ratio else known.pop()
    if Shape.SERIES in known or operator == "or":
        return Shape.SERIES
    if operator in ("*", "/") and Shape.MIXED not in known:
        return Shape.PER_REPLICA if operator == "/" and right is Shape.TOTAL else Shape.TOTAL
    return Shape.MIXED
