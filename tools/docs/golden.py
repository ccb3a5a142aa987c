"""The manifests of the stack dev in one file, so that a review shows how a change affects them."""

import yaml

from tools.docs.dev_stack import dev_stack

_HEAD = "# Made by `make docs`; a test tells when it is out of date.\n"


def golden_text() -> str:
    """Return the manifests by kind and name."""
    found = sorted(dev_stack().manifests, key=lambda each: (each["kind"], each["metadata"]["name"]))
    return _HEAD + yaml.dump_all(found, Dumper=_Readable, explicit_start=True)


class _Readable(yaml.SafeDumper):
    """Write multi-line strings as blocks, without aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    tag = "tag:yaml.org,2002:str"
    return dumper.represent_scalar(tag, text, style=style)  # pyright: ignore[reportUnknownMemberType]


_Readable.add_representer(str, _text)
