"""An image of a workload that also logs in to its database, again and again, with the password it started with."""

from dataclasses import replace
from pathlib import Path

from tests.cluster.postgres import HOST, PORT
from tests.cluster.postgres_image import postgres_image
from tools.cluster.images import Image

PAUSE = 0.05
"""Seconds between two logins."""

TABLE = "logins"

_SCRIPT = f"""
/double &
double=$!
trap 'kill -TERM $double' TERM
export PGHOST={HOST} PGPORT={PORT} PGUSER="$DB_USERNAME" PGPASSWORD="$DB_PASSWORD" PGCONNECT_TIMEOUT=2
export PGDATABASE="${{DB_USERNAME%-2}}" PGAPPNAME="$HOSTNAME"
psql -X -w -q -c 'CREATE TABLE IF NOT EXISTS {TABLE} (run text, login text, failed integer, is_last boolean)'
read -r run </proc/sys/kernel/random/uuid
failed=0
login() {{
    psql -X -w -q -c "INSERT INTO {TABLE} VALUES ('$run', session_user, $failed, $1)" || failed=$((failed + 1))
}}
while kill -0 $double 2>/dev/null; do
    login false
    sleep {PAUSE}
done
login true
wait $double
"""


def logging_in(name: str, double: Path, directory: Path) -> Image:
    """Return the image `name`: the double of a workload, beside a client.

    Each login writes a row: the run of the container, the role that logged in, how many logins of the run failed
    before, and whether it is the last one, after the double has ended. `directory` is for files of the image.
    """
    script = directory / "logging-in.sh"
    script.write_text(_SCRIPT, encoding="utf-8")
    image = postgres_image(name, directory)
    files = {**image.files, "double": double, "logging-in.sh": script}
    return replace(image, files=files, entrypoint=("/bin/sh", "/logging-in.sh"))
