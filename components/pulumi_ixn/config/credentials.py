"""The models of the sources of a password."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pulumi_ixn import random_passwords, rotation
from pulumi_ixn.config.fields import Line, Model
from pulumi_ixn.config.validators import Parsed, check_record
from pulumi_ixn.credentials import Credentials

_Length = Annotated[int, Field(ge=16, le=128), Parsed(random_passwords.length, "characters")]
_Rotation = Annotated[int, Field(ge=0, le=rotation.MAX), Parsed(rotation.rotation)]
_Characters = Annotated[str, Field(min_length=1), Parsed(random_passwords.characters)]


class Login(Model):
    """The login of a database user."""

    username: Line = Field(description="the username")


class Generated(Login):
    """The login of a database user with a generated password."""

    length: _Length = Field(
        default=random_passwords.LENGTH, description="the length of the password; a change replaces the password"
    )
    alphabet: list[_Characters] | None = Field(
        default=None,
        min_length=1,
        description="its characters: 'lower', 'upper', 'digits', or special characters such as '-_.~', at least "
        "one of each; if omitted, letters and digits. A change replaces the password",
    )
    rotation: _Rotation = Field(
        default=0,
        description="how often the password was rotated; raise it by one, if the database is provisioned",
    )

    @model_validator(mode="after")
    def _rules(self) -> Self:
        check_record(self.args())
        return self

    def args(self) -> Credentials:
        """Return the library's credentials."""
        return Credentials.generated(
            self.username, length=self.length, alphabet=self.alphabet, rotation=self.rotation
        )
