#!/bin/sh
# Tries the outgoing connections of a workload and prints a line for each: its number, where to, the verdict.
#
#   TARGETS   lines `<number> <host> <port>`
#   DEADLINE  seconds for one connection, the resolution of its name included
#   FAILURES  a file that the lines of what is not ok are added to; none: they are printed only
#
# Verdicts: ok; refused (whatever fails before the deadline, in the client's own words where it has any);
# timed out; name unknown (also where the resolver says nothing until the deadline).
# Exits with 0 where all are ok, 1 where one is not, 2 where nothing could be tried.
#
# Needs a POSIX shell, `sleep`, and a TCP client: `nc`, or bash.
set -u
LC_ALL=C
export LC_ALL

newline='
'

# Says how to make a client succeed as soon as it is connected, without waiting for what the peer may say.
find_client() {
    usage=$(nc -h 2>&1 </dev/null)
    case $usage in
    *-z[!a-z-]*) echo nc-zero ;;
    *'[-e PROG]'*) echo nc-exec ;; # BusyBox without its extensions of compatibility
    *) bash -c 'echo bash' 2>/dev/null ;;
    esac
}

# Becomes the client. Its own deadline is out of the way: `guard` decides, who knows what it was waiting for.
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

# Whether a connection to port $1 waits for its peer's answer: state 02 in the kernel's table is SYN_SENT.
# Where there is no table to read, the peer is the likelier one to be silent.
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

# Ends process $1 at the deadline: by KILL where it waits for its peer, by TERM where still for the resolver.
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
    dialling=$!
    guard "$dialling" "$1" "$2" >/dev/null 2>&1 &
    guarding=$!
    wait "$dialling"
    status=$?
    kill "$guarding"
    return "$status"
}

is_about_a_name() {
    case $1 in
    *'bad address'* | *'not known'* | *'not resolve'* | *'name resolution'* | *'resolve hostname'*) ;;
    *'getaddrinfo'* | *'lookup failed'* | *'address associated'* | *'nknown host'* | *'Try again'*) ;;
    *) return 1 ;;
    esac
}

# Prints the verdict of host $1 at port $2.
verdict() {
    words=$(dial "$1" "$2" 2>&1)
    case $? in
    0) echo ok && return 0 ;;
    137) echo 'timed out' && return 1 ;;    # KILL
    143) echo 'name unknown' && return 1 ;; # TERM
    esac
    if ! is_address "$1" && is_about_a_name "$words"; then
        said='name unknown'
    else
        said=refused
    fi
    words=${words%%"$newline"*}
    printf '%s\n' "$said${words:+ ($words)}"
    return 1
}

try_all() {
    result=2
    while read -r number host port; do
        [ -n "$number" ] || continue
        said=$(verdict "$host" "$port")
        status=$?
        case $host in
        *:*) host="[$host]" ;;
        esac
        line="connection $number: $host:$port: $said"
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
