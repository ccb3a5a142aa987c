"""What a check of a live cluster finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A problem that stops an update before anything changes.

    `where` is the path of a setting, such as `ixn:tenants.east.sid`, or an object, such as
    `StatefulSet ixn/ixn-server-100`. `message` states what is wrong and what to do.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True)
class Notice:
    """What an update without problems leaves behind; it stops nothing."""

    message: str
