#!/bin/sh
# Create the database of a workload and its login role, with their grants. It may run again at any time: it changes only
# what this package has made, and completes what an interrupted run has begun.
#
#   PGHOST, PGPORT, PGSSLMODE, PGSSLROOTCERT          the server, as libpq takes them
#   ADMIN_USERNAME, ADMIN_PASSWORD, ADMIN_DATABASE    the administrator, and the database to which it connects
#   ROLE_USERNAME, ROLE_PASSWORD, DATABASE            the login, its password and the database
#   OWNER      the role that owns the database, as which the login acts; by default the login itself
#   MARK       the line by which the comments of the role and of the database say whose they are
#   REPAIR     `true`: take over a role and a database that exist without such a line
#   DEADLINE   seconds for the server to answer
#
# Exit status: 0 if the role can use the database, 1 if not; the last lines of the output say why.
#
# Requires a POSIX shell, `date`, `sleep`, and psql 15 or later. Passwords go to psql by its environment and its input
# only, and to the server as a SCRAM verifier only: they are in no argument list, log or statement.
set -u
LC_ALL=C PGCLIENTENCODING=UTF8 PGCONNECT_TIMEOUT=10 PGAPPNAME=ixn-pulumi
OWNER=${OWNER:-$ROLE_USERNAME}
export LC_ALL PGCLIENTENCODING PGCONNECT_TIMEOUT PGAPPNAME OWNER

newline='
'
scripts=${0%/*}
end=$(($(date +%s) + DEADLINE))
server="$PGHOST:$PGPORT"

say() {
    printf '%s\n' "$*"
}

fail() {
    say "error: $*" >&2
    exit 1
}

# Run the file $1 as the administrator, in the database $2.
as_admin() {
    PGUSER=$ADMIN_USERNAME PGPASSWORD=$ADMIN_PASSWORD PGDATABASE=$2 \
        psql -X -w -q -A -t -v ON_ERROR_STOP=1 -f "$scripts/$1" 2>&1
}

# Run the file $1 as the role, with the password $2, in its database.
as_role() {
    PGUSER=$ROLE_USERNAME PGPASSWORD=$2 PGDATABASE=$DATABASE \
        psql -X -w -q -A -t -v ON_ERROR_STOP=1 -f "$scripts/$1" 2>&1
}

# Return whether the server's refusal $1 is final; if not, it may be starting, or have no free connection.
is_final() {
    case $1 in
    *'authentication failed'* | *'permission denied for database'* | *'pg_hba.conf'* | *'password supplied'* | *'not permitted to log in'*) ;;
    *'certificate'* | *'does not support SSL'* | *'sslmode value'* | *'no such file'* | *'does not exist'*) ;;
    *) return 1 ;;
    esac
}

# Run a command until the server answers, and set `output`. psql's exit status is 2 if there is no connection.
persistently() {
    while :; do
        output=$("$@")
        status=$?
        [ "$status" -eq 2 ] || return "$status"
        is_final "$output" && fail "cannot connect to $server: $output"
        case $output in
        *'too many clients'* | *'connection slots are reserved'* | *'too many connections'*)
            reason='it has no free connection (max_connections, or a limit of the role or the database)' ;;
        *) reason='it does not answer' ;;
        esac
        if [ "$(date +%s)" -ge "$end" ]; then
            fail "cannot connect to $server for $DEADLINE seconds: $reason: $output"
        fi
        say "waiting for $server: $reason"
        sleep 2
    done
}

# Run a file as the administrator; its last line must be `done`, since psql cannot report a refusal by its status.
administer() {
    persistently as_admin "$1" "$2"
    case $status:$newline$output in
    "0:$newline"done) ;;
    0:*"$newline"done) say "${output%"$newline"done}" ;;
    *"permission denied"* | *"must be "*) fail "$output${newline}The administrator \"$ADMIN_USERNAME\" lacks rights." ;;
    *) fail "$output" ;;
    esac
}

# Print the password twice, as psql asks for it. printf is a command of the shell, so no process has it as an argument.
set_password() {
    printf '%s\n%s\n' "$ROLE_PASSWORD" "$ROLE_PASSWORD" | as_admin password.sql "$ADMIN_DATABASE"
}

for value in "$ADMIN_USERNAME" "$ADMIN_PASSWORD" "$ROLE_USERNAME" "$ROLE_PASSWORD" "$DATABASE" "$OWNER"; do
    case $value in
    '') fail 'a username, a password or the name of the database is empty' ;;
    *"$newline"*) fail 'a username, a password or the name of the database has a line break' ;;
    esac
done

administer provision.sql "$ADMIN_DATABASE"

# A role whose password is right is left alone. One that can log in without any has none that the server asks for.
if ! as_role login.sql "$ROLE_PASSWORD" >/dev/null || as_role login.sql '' >/dev/null; then
    persistently set_password
    [ "$status" -eq 0 ] || fail "cannot set the password of the role \"$ROLE_USERNAME\": $output"
    say "set the password of the role \"$ROLE_USERNAME\""
fi

persistently as_role use.sql "$ROLE_PASSWORD"
if [ "$status:$output" = '0:no rights on the schema' ]; then
    administer schema.sql "$DATABASE"
    persistently as_role use.sql "$ROLE_PASSWORD"
    [ "$output" != 'no rights on the schema' ] || fail "the administrator \"$ADMIN_USERNAME\" may not grant the role" \
        "\"$OWNER\" USAGE and CREATE on the schema \"public\" of the database \"$DATABASE\": its owner may"
fi
[ "$status:$output" = 0:done ] || fail "the role \"$ROLE_USERNAME\" cannot use the database \"$DATABASE\": $output"
say "the role \"$ROLE_USERNAME\" can use the database \"$DATABASE\""
