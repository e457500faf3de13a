# shellcheck shell=bash
# A temporary folder with a PostgreSQL of its own on loopback, and what npm and pip have to be measured beside: for `jobs` and `topics`,
# which source this after lib.sh. Everything ends with the script, also after Ctrl-C: PostgreSQL, the folder, and what was started in it.
# FOLDER, BIN, DATA, SERVER (an address without a database) and AS (the words that run a program as PostgreSQL's user) are exported.

without() {
    echo "$WHAT: without $1: $2" >&2
}

# begin_private WHAT
begin_private() {
    WHAT=$1
    if ! { command -v node && command -v npm; } >/dev/null; then
        echo "$WHAT: skipped, there is no Node with npm (on Debian: nodejs npm)"
        exit 0
    fi
    TRUNKLINE=$(readlink -f "${TRUNKLINE:-${CARGO_TARGET_DIR:-target}/release/trunkline}" || true)
    [ -x "$TRUNKLINE" ] || die "build it first: cargo build --release"
    BIN=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1 || true)
    [ -n "$BIN" ] || die "there is no PostgreSQL (on Debian: postgresql)"
    AS=
    if [ "$(id -u)" = 0 ]; then AS='setpriv --reuid postgres --regid postgres --clear-groups'; fi
    FOLDER=$(mktemp -d)
    DATA=$FOLDER/pg/data
    export TRUNKLINE BIN AS FOLDER DATA
    chmod 755 "$FOLDER"
    trap end_private EXIT
    trap 'exit 130' INT TERM
    mkdir "$FOLDER/pg"
    [ -z "$AS" ] || chown postgres "$FOLDER/pg"
    local port
    port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
    (
        cd "$FOLDER/pg" || exit
        $AS "$BIN/initdb" -D "$DATA" -U bench -A trust --no-sync >/dev/null
        printf '%s\n' "port = $port" "listen_addresses = '127.0.0.1'" "unix_socket_directories = '$FOLDER/pg'" \
            'max_connections = 600' 'shared_buffers = 256MB' 'max_wal_size = 4GB' >>"$DATA/postgresql.conf"
        $AS "$BIN/pg_ctl" -D "$DATA" -l "$FOLDER/pg/log" -w start >/dev/null
    )
    export SERVER="postgres://bench@127.0.0.1:$port"
}

# Ends PostgreSQL, and what still runs in the folder: only what was started here has it as its working directory.
end_private() {
    cd /
    $AS "$BIN/pg_ctl" -D "$DATA" -m immediate stop >/dev/null 2>&1 || true
    local place
    for place in /proc/[0-9]*; do
        case $(readlink "$place/cwd" 2>/dev/null) in
            "$FOLDER" | "$FOLDER"/*) kill -9 "${place#/proc/}" 2>/dev/null || true ;;
        esac
    done
    rm -rf "$FOLDER"
}

# have_npm DEPENDENCIES: installs them in the folder, an object in JSON.
have_npm() {
    echo "{\"private\": true, \"type\": \"module\", \"dependencies\": $1}" >"$FOLDER/package.json"
    npm install --prefix "$FOLDER" --no-audit --no-fund --loglevel=error >"$FOLDER/npm.log" 2>&1 ||
        { without "what npm has" "$(tail -n 1 "$FOLDER/npm.log")" && return 1; }
}

# have_python: a virtual environment in the folder.
have_python() {
    python3 -m venv "$FOLDER/venv" >"$FOLDER/pip.log" 2>&1 || { without Python "$(tail -n 1 "$FOLDER/pip.log")" && return 1; }
}

# have_pip NAME PACKAGE…: installs what NAME needs.
have_pip() {
    local name=$1
    shift
    "$FOLDER/venv/bin/pip" install -q "$@" >"$FOLDER/pip.log" 2>&1 || { without "$name" "$(tail -n 1 "$FOLDER/pip.log")" && return 1; }
}
