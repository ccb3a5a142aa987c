"""Parsers for the values of disruption budgets and autoscalers."""

import re

from pulumi_ixn.parsing import Parser, integer, matching

PERCENTAGE = r"(100|[1-9]?[0-9])%"


def _pods_or_percentage(value: object) -> int | str:
    if not isinstance(value, str):
        return integer(value, 0, 1000)
    if not re.fullmatch(PERCENTAGE, value):
        raise ValueError(value)
    return value


pods_or_percentage: Parser[int | str] = Parser(
    "a number of pods, or a percentage of them such as '50%'", _pods_or_percentage, PERCENTAGE
)
eviction_policy: Parser[str] = matching("'AlwaysAllow' or 'IfHealthyBudget'", "AlwaysAllow|IfHealthyBudget", 15)
