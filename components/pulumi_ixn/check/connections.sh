#!/bin/sh
# Try the outgoing connections of a workload and print a line for each: number, address, verdict.
#
#   TARGETS   lines `<number> <host> <port>`
#   DEADLINE  seconds for each connection, including name resolution
#   FAILURES  file to which the lines of failed connections are appended (optional)
#
# Verdicts: ok; refused (any failure before the deadline, with the client's error message if it prints one);
# timed out; name unknown (also if the resolver does not answer before the deadline).
# Exit status: 0 if all are ok, 1 if one failed, 2 if none could be tried.
#
# Requires a POSIX shell, `sleep`, and a TCP client: `nc` or bash.
set -u
LC_ALL=C
export LC_ALL

newline='
'

# Print which client to use: one that can exit as soon as it is connected, without waiting for data from the peer.
find_client() {
    usage=$(nc -h 2>&1 </dev/null)
    case $usage in
    *-z[!a-z-]*) echo nc-zero ;;
    *'[-e PROG]'*) echo nc-exec ;; # BusyBox without its compatibility extensions
    *) bash -c 'echo bash' 2>/dev/null ;;
    esac
}

# Become the client. Its own timeout is later than DEADLINE, at which `guard` ends it.
connect() {
    case $client in
    nc-zero) exec nc -z -w "$((DEADLINE + 60))" "$1" "$2" ;;
    nc-exec) exec nc -w "$((DEADLINE + 60))" "$1" "$2" -e true ;;
    bash) exec bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" ;;
    esac
}

is_address() {
    case $1 in
    *:*) return 0 ;;
    *[!0-9.]*) return 1 ;;
    esac
}

# Return whether a connection to port $1 waits for the peer's answer: state 02 in the kernel's table is SYN_SENT.
# Without a readable table, assume that it does: an unreachable peer is likelier than a silent resolver.
waits_for_peer() {
    [ -r /proc/net/tcp ] || return 0
    port_in_table=$(printf '%04X' "$1")
    for table in /proc/net/tcp /proc/net/tcp6; do
        [ -r "$table" ] || continue
        while read -r _ _ remote state _; do
            case $remote/$state in
            *:"$port_in_table"/02) return 0 ;;
            esac
        done <"$table"
    done
    return 1
}

# End process $1 at the deadline: with KILL if it waits for the peer, with TERM if it still waits for the resolver.
guard() {
    sleep "$DEADLINE"
    if is_address "$2" || waits_for_peer "$3"; then
        kill -KILL "$1"
    else
        kill -TERM "$1"
        sleep 1
        kill -KILL "$1"
    fi
}

dial() {
    connect "$1" "$2" </dev/null &
    client_pid=$!
    guard "$client_pid" "$1" "$2" >/dev/null 2>&1 &
    guard_pid=$!
    wait "$client_pid"
    status=$?
    kill "$guard_pid"
    return "$status"
}

is_about_a_name() {
    case $1 in
    *'bad address'* | *'not known'* | *'not resolve'* | *'name resolution'* | *'resolve hostname'*) ;;
    *'getaddrinfo'* | *'lookup failed'* | *'address associated'* | *'nknown host'* | *'Try again'*) ;;
    *) return 1 ;;
    esac
}

# Print the verdict for host $1 and port $2.
verdict() {
    message=$(dial "$1" "$2" 2>&1)
    case $? in
    0) echo ok && return 0 ;;
    137) echo 'timed out' && return 1 ;;    # KILL
    143) echo 'name unknown' && return 1 ;; # TERM
    esac
    if ! is_address "$1" && is_about_a_name "$message"; then
        kind='name unknown'
    else
        kind=refused
    fi
    message=${message%%"$newline"*}
    printf '%s\n' "$kind${message:+ ($message)}"
    return 1
}

try_all() {
    result=2
    while read -r number host port; do
        [ -n "$number" ] || continue
        outcome=$(verdict "$host" "$port")
        status=$?
        case $host in
        *:*) host="[$host]" ;;
        esac
        line="connection $number: $host:$port: $outcome"
        printf '%s\n' "$line"
        if [ "$status" -ne 0 ]; then
            result=1
            { printf '%s\n' "$line" >>"${FAILURES:-}"; } 2>/dev/null
        elif [ "$result" -eq 2 ]; then
            result=0
        fi
    done
    return "$result"
}

client=$(find_client)
if [ -z "$client" ]; then
    echo 'no TCP client: the image has neither nc (with -z, or -e as in BusyBox) nor bash' >&2
    exit 2
fi
printf '%s\n' "$TARGETS" | try_all
