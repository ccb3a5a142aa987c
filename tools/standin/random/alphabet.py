"""Stand-in for the Pulumi random plugin: random text with so many characters of each class."""

import secrets
import string
from dataclasses import dataclass
from typing import Final

from tools.standin.plugin.errors import StandinError
from tools.standin.plugin.values import Object, Plain

SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"

CLASSES: Final = {
    "lower": (string.ascii_lowercase, "minLower"),
    "numeric": (string.digits, "minNumeric"),
    "special": (SPECIAL, "minSpecial"),
    "upper": (string.ascii_uppercase, "minUpper"),
}


@dataclass(frozen=True)
class Recipe:
    """How long a text is, and at least how many characters it takes of each class."""

    length: int
    classes: tuple[tuple[str, int], ...]


def _whole(value: Plain, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise StandinError(f"{name} must be a whole number, and not negative")
    return value


def with_defaults(inputs: Object) -> Object:
    """Return the inputs with what the real plugin fills in; `number` is the old name of `numeric`."""
    numeric = inputs.get("numeric", inputs.get("number", True))
    minima: Object = {minimum: 0 for _, minimum in CLASSES.values()}
    flags: Object = dict.fromkeys(CLASSES, True)
    return {**flags, **minima, **inputs, "numeric": numeric, "number": numeric}


def recipe(inputs: Object) -> Recipe:
    """Return the recipe in the inputs of a RandomPassword or RandomString, or a refusal."""
    filled = with_defaults(inputs)
    length = _whole(filled.get("length"), "length")
    special = filled.get("overrideSpecial") or SPECIAL
    alphabets = {**{name: alphabet for name, (alphabet, _) in CLASSES.items()}, "special": str(special)}
    least = {name: _whole(filled[minimum], minimum) for name, (_, minimum) in CLASSES.items()}
    if length < 1 or sum(least.values()) > length:
        raise StandinError(f"length must be at least 1, and the sum of the minima: {sum(least.values())}")
    classes = tuple((alphabets[name], least[name]) for name in CLASSES if filled[name] is True)
    if not classes:
        raise StandinError("at least one of lower, numeric, special and upper must be true")
    return Recipe(length, classes)


def random_text(wanted: Recipe) -> str:
    """Random text by the recipe, from the system's source of secrets."""
    required = [secrets.choice(alphabet) for alphabet, least in wanted.classes for _ in range(least)]
    every = "".join(alphabet for alphabet, _ in wanted.classes)
    characters = required + [secrets.choice(every) for _ in range(wanted.length - len(required))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)
