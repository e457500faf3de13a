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

# set_up [tests|failover]: installs what is missing, where that can be done without asking.
set_up() {
    PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
    command -v cargo >/dev/null || die "Rust is missing: see https://rustup.rs"

    local packages=()
    if ! command -v cc >/dev/null || [ ! -e /usr/include/stdio.h ]; then packages+=(gcc libc6-dev); fi
    has_postgres || packages+=(postgresql)
    if [ "${1:-}" = tests ]; then
        has_pgbouncer || packages+=(pgbouncer)
        for proxy in nginx haproxy; do
            [ -x "/usr/sbin/$proxy" ] || packages+=("$proxy")
        done
    fi
    if [ "${1:-}" = failover ]; then has_patroni || packages+=(postgresql patroni etcd-server); fi
    [ ${#packages[@]} -gt 0 ] || return 0

    if ! command -v apt-get >/dev/null || ! as_root true 2>/dev/null; then
        die "please install: ${packages[*]} (on Debian: sudo apt-get install ${packages[*]})"
    fi
    echo "installing ${packages[*]}"
    # The package would start a server of its own; ours is private.
    if [[ " ${packages[*]} " == *" postgresql "* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    local log
    log=$(mktemp)
    if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            -o Dpkg::Options::=--force-confold "${packages[@]}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "could not install: ${packages[*]}"
    fi
    rm -f "$log"
    # These packages, too, start servers of their own.
    local service
    for service in pgbouncer etcd patroni; do
        if [[ " ${packages[*]} " == *" $service"* ]] && command -v systemctl >/dev/null; then
            as_root systemctl disable --now "$service" >/dev/null 2>&1 || true
        fi
    done
}
