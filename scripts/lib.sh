# shellcheck shell=bash
# What scripts/run and scripts/test need on a fresh Debian machine besides Rust: a C compiler and PostgreSQL's programs; the
# tests also PgBouncer, scripts/failover also Patroni and etcd.

# Leaves with one line that says what is missing.
die() {
    echo "$1" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

has_postgres() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || { command -v initdb && command -v postgres; } >/dev/null
}

has_pgbouncer() {
    [ -x /usr/sbin/pgbouncer ] || command -v pgbouncer >/dev/null
}

has_patroni() {
    command -v patroni >/dev/null && command -v etcd >/dev/null && [ -d /usr/lib/postgresql ]
}

# Not whether there is a cargo: rustup's own does nothing before it has a toolchain.
has_cargo() {
    cargo --version >/dev/null 2>&1
}

# Whether the distribution has a package, and not only heard of one; a fresh machine has to fetch the lists first.
has_package() {
    command -v apt-cache >/dev/null || return 1
    [ -z "$(apt-cache show "$1" 2>/dev/null)" ] || return 0
    as_root apt-get update -qq >/dev/null 2>&1 && [ -n "$(apt-cache show "$1" 2>/dev/null)" ]
}

# set_up [tests|failover]: installs what is missing, where that can be done without asking.
set_up() {
    PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
    local packages=()
    if ! has_cargo && ! command -v rustup >/dev/null; then
        # Debian 13 and later; before that there is none, and Debian's own Rust is too old.
        local first=
        command -v curl >/dev/null || first='apt-get install -y curl ca-certificates; '
        has_package rustup || die "Rust is missing: run \`${first}curl -sSf https://sh.rustup.rs | sh -s -- -y\`, or see https://rustup.rs"
        packages+=(rustup ca-certificates)
    fi
    if ! command -v cc >/dev/null || [ ! -e /usr/include/stdio.h ]; then packages+=(gcc libc6-dev); fi
    has_postgres || packages+=(postgresql)
    if [ "${1:-}" = tests ]; then
        has_pgbouncer || packages+=(pgbouncer)
        for proxy in nginx haproxy; do
            [ -x "/usr/sbin/$proxy" ] || packages+=("$proxy")
        done
    fi
    if [ "${1:-}" = failover ]; then has_patroni || packages+=(postgresql patroni etcd-server); fi
    [ ${#packages[@]} = 0 ] || install_packages "${packages[@]}"
    has_cargo || rustup default stable || die "Rust is missing: \`rustup default stable\` did not install it"
}

# Installs packages, and sees to it that none of them starts a server.
install_packages() {
    if ! command -v apt-get >/dev/null || ! as_root true 2>/dev/null; then
        die "please install: $* (on Debian: sudo apt-get install $*)"
    fi
    echo "installing $*"
    # The package would start a server of its own; ours is private.
    if [[ " $* " == *" postgresql "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    local log
    log=$(mktemp)
    if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            -o Dpkg::Options::=--force-confold "$@"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "could not install: $*"
    fi
    rm -f "$log"
    # These packages, too, start servers of their own.
    local service
    for service in pgbouncer etcd patroni redis-server; do
        if [[ " $* " == *" $service"* ]] && command -v systemctl >/dev/null; then
            as_root systemctl disable --now "$service" >/dev/null 2>&1 || true
        fi
    done
}

# set_up_node FOLDER: puts the packages of tests/client into a folder. When that cannot be, `missing` says why.
set_up_node() {
    missing=
    if ! { command -v node && command -v npm; } >/dev/null; then
        missing="there is no Node with npm"
    elif ! node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)'; then
        # With a WebSocket of its own, if only for those who ask for it.
        missing="Node is older than version 20"
    elif mkdir -p "$1" && ! cmp -s tests/client/package.json "$1/fetched.json"; then
        cp tests/client/package.json "$1/package.json"
        if (cd "$1" && npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts >npm.log 2>&1); then
            cp tests/client/package.json "$1/fetched.json"
        else
            missing="the packages of npm could not be fetched"
        fi
    fi
    [ -z "$missing" ]
}

# find_browser FOLDER NAME…: the path of the first of these browsers that is there. Installs the Debian package of the first
# name where none is.
find_browser() {
    local folder=$1 name
    shift
    for name in "$@"; do
        command -v "$name" && return
    done
    { command -v apt-get && as_root true; } >/dev/null 2>&1 || return 1
    echo "installing $1" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >"$folder/apt.log" 2>&1 || true
    command -v "$1"
}

find_chromium() {
    find_browser "$1" chromium chromium-browser google-chrome
}
