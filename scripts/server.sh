# shellcheck shell=bash
# A server for one script: with a database of its own, listening on a free port, gone afterwards. Needs lib.sh.

# start_server PROGRAM SETTING=VALUE…: sets $base to where it answers, $password to that of the administrator
# root@example.com, and $folder to a folder that is removed with it. Its log is "$folder/log".
start_server() {
    local program=$1
    shift
    # PostgreSQL may run as another user, who must be able to enter.
    folder=$(mktemp -d)
    chmod 755 "$folder"
    server=
    trap stop_server EXIT
    # Not the one of the examples, which whoever tries them would change.
    password=schemathesis1
    (
        cd "$folder"
        exec env -i PATH="$PATH" HOME="$folder" TRUNKLINE_HTTP__ADDR=127.0.0.1:0 TRUNKLINE_LIMITS__ENABLED=false \
            TRUNKLINE_AUTH__BCRYPT_COST=4 TRUNKLINE_AUTH__ACCESS_MINUTES=1440 TRUNKLINE_LOG__LEVEL=warn \
            TRUNKLINE_ADMIN__EMAIL=root@example.com TRUNKLINE_ADMIN__PASSWORD="$password" \
            "$@" "$program" serve >"$folder/said" 2>"$folder/log"
    ) &
    server=$!
    base=
    for _ in $(seq 600); do
        base=$(sed -n 's/.*"api":"\(http[^"]*\)\/api\/v1".*/\1/p' "$folder/said" 2>/dev/null || true)
        [ -z "$base" ] || break
        kill -0 "$server" 2>/dev/null || break
        sleep 0.2
    done
    [ -n "$base" ] || die "the server did not start: $(tail -n 3 "$folder/log")"
}

# shellcheck disable=SC2317  # called by name
stop_server() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
