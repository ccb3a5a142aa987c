"""What the catalogs of a server say of a workload, and the state that others leave behind."""

import json
from typing import Any

from tests.postgres.runs import Workload
from tests.postgres.server import ADMIN, Server

_CATALOGS = """
SELECT json_build_object(
    'roles', (SELECT json_agg(r ORDER BY rolname) FROM pg_authid r),
    'databases', (SELECT json_agg(d ORDER BY datname) FROM (
        SELECT datname, datdba, datacl, datconnlimit, shobj_description(oid, 'pg_database') FROM pg_database
    ) d),
    'members', (SELECT json_agg(to_jsonb(m) - 'oid' ORDER BY roleid, member, grantor) FROM pg_auth_members m),
    'settings', (SELECT json_agg(s ORDER BY setrole, setdatabase) FROM pg_db_role_setting s),
    'comments', (SELECT json_agg(c ORDER BY objoid) FROM pg_shdescription c)
);
"""


def catalogs(server: Server) -> Any:
    """Return everything that the Job could change, for comparisons."""
    return json.loads("".join(server.sql(_CATALOGS)))


def role_of(server: Server, workload: Workload) -> dict[str, Any]:
    """Return the attributes of the role."""
    (line,) = server.sql("SELECT row_to_json(r) FROM pg_authid r WHERE rolname = :'role'", role=workload.role)
    return json.loads(line)


def vendor_script(server: Server, workload: Workload, *, granted: bool = True) -> None:
    """Leave what the vendor's script leaves: a NOINHERIT role, and a database that it owns, open to all.

    `granted`: the administrator also has what it needs from PostgreSQL 16 on to change a role of a superuser.
    """
    server.sql(
        """
        CREATE ROLE :"role" LOGIN NOSUPERUSER NOINHERIT NOCREATEDB NOCREATEROLE PASSWORD :'password';
        CREATE DATABASE :"database" OWNER :"role";
        GRANT ALL ON DATABASE :"database" TO :"role";
        """,
        role=workload.role,
        database=workload.database,
        password=workload.password,
    )
    if granted and server.version >= 16:
        server.sql('GRANT :"role" TO :"admin" WITH ADMIN OPTION', role=workload.role, admin=ADMIN)


def login_role(server: Server, role: str, password: str, attributes: str = "") -> None:
    """Make a role, as somebody else would."""
    server.sql(f"CREATE ROLE :\"role\" LOGIN {attributes} PASSWORD :'password'", role=role, password=password)


def administrators_database(server: Server, workload: Workload) -> None:
    """Make a database of the administrator's own."""
    server.sql('CREATE DATABASE :"database" OWNER :"owner"', database=workload.database, owner=ADMIN)
