#!/usr/bin/env python3
"""Follows docker-compose.yml by hand, where there is no Docker: each service in a network namespace of its own, at an address of its
own, with the names, commands, environment, users, volumes, health checks and dependencies that the file and the Dockerfile give it.

PostgreSQL and nginx are the distribution's, the storage is a double that takes any signature, and the program is the one given:

    sudo scripts/deploy/compose.py target/debug/trunkline

Says what it did, and ends with 1 where a service does not become what the file wants of it.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import yaml

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.join(HERE, "..", "..")
SELF = os.path.realpath(__file__)
TAG = f"tl{os.getpid() % 10000}"


def say(line):
    print(line, flush=True)


def fail(line):
    raise SystemExit(f"compose: {line}")


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def interpolated(value):
    """As Compose reads it: ${NAME:-default} with an environment that has none of the names, $$ for a dollar."""
    if isinstance(value, dict):
        return {key: interpolated(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [interpolated(inner) for inner in value]
    if not isinstance(value, str):
        return value
    text = re.sub(r"(?<!\$)\$\{\w+:-([^}]*)\}", r"\1", value)
    left = re.search(r"(?<!\$)\$(?!\$)", text)
    if left:
        fail(f"{value!r} names a variable that has no default")
    return text.replace("$$", "$")


def look_at_dockerfile():
    """Whether its steps name things that exist; answers its environment, its entry point and its command."""
    text = open(os.path.join(ROOT, "Dockerfile")).read()
    lines = re.sub(r"\\\n", " ", "".join(line for line in text.splitlines(True) if not line.startswith("#"))).splitlines()
    steps = [line.split(None, 1) for line in lines if line.strip()]
    cargo = tomllib.load(open(os.path.join(ROOT, "Cargo.toml"), "rb"))
    stages, made, users, env = [], set(), {"root"}, {}
    found = {"ENTRYPOINT": None, "CMD": None, "USER": None, "EXPOSE": None, "HEALTHCHECK": None}
    for name, rest in steps:
        if name == "FROM":
            image, *alias = rest.split(" AS ")
            stages += alias
            rust = re.match(r"rust:(\d+)\.(\d+)", image)
            if rust and rust.groups() < tuple(cargo["package"]["rust-version"].split(".")[:2]):
                fail(f"the image {image} is older than rust-version in Cargo.toml")
        elif name == "COPY":
            stage = re.search(r"--from=(\S+)", rest)
            *sources, _ = re.sub(r"--\S+ ", "", rest).split()
            for source in sources:
                if stage and (stage[1] not in stages or source not in made):
                    fail(f"COPY --from={stage[1]} {source}: nothing makes it")
                if not stage and not os.path.exists(os.path.join(ROOT, source)):
                    fail(f"COPY {source}: it is not here")
        elif name == "RUN":
            binary = re.search(r"cargo build .*--bin (\S+)", rest)
            bins = {cargo["package"]["name"], *(bin["name"] for bin in cargo.get("bin", []))}
            if binary and binary[1] not in bins:
                fail(f"cargo build --bin {binary[1]}: Cargo.toml has {bins}")
            made |= {word for word in rest.split() if re.fullmatch(r"/[\w.]+", word)}
            made |= set(re.findall(r"target/release/\S+ (/\S+)", rest))
            for user in re.findall(r"useradd .* (\S+)$", rest):
                users.add(user)
                env["uid"] = re.search(r"--uid (\d+)", rest)[1]
        elif name == "ENV":
            env |= dict(pair.split("=", 1) for pair in rest.split())
        elif name in found:
            found[name] = rest
    if found["USER"] not in users:
        fail(f"USER {found['USER']}: nothing makes this user")
    return env, json.loads(found["ENTRYPOINT"]), json.loads(found["CMD"]), found


class Storage(BaseHTTPRequestHandler):
    """As much of S3 as is asked for here; files lie below the folder."""

    protocol_version = "HTTP/1.1"
    folder = "/"

    def path_of(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        return os.path.join(self.folder, path.lstrip("/").replace("..", "_"))

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self):
        path = self.path_of()
        if os.path.dirname(path) == self.folder.rstrip("/"):
            status = 409 if os.path.isdir(path) else 200
            os.makedirs(path, exist_ok=True)
            return self.answer(status)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        return self.answer(200)

    def do_GET(self):
        path = self.path_of()
        if self.path.startswith("/health") or os.path.isdir(path):
            return self.answer(200)
        if not os.path.exists(path):
            return self.answer(404)
        return self.answer(200, open(path, "rb").read())

    do_HEAD = do_GET

    def do_DELETE(self):
        if os.path.isfile(self.path_of()):
            os.remove(self.path_of())
        self.answer(204)

    def log_message(self, *_):
        pass


def storage(port, folder):
    Storage.folder = folder
    ThreadingHTTPServer(("0.0.0.0", port), Storage).serve_forever()


class Network:
    """A bridge in a namespace of its own; nothing of the machine is changed, but for names that go at the end."""

    def __init__(self, config):
        (pool,) = config["default"]["ipam"]["config"]
        self.prefix, self.taken, self.names = pool["subnet"].rsplit(".", 1)[0], 128, []
        self.bridge = self.namespace("bridge")
        run("ip", "-n", self.bridge, "link", "add", "br0", "type", "bridge")
        run("ip", "-n", self.bridge, "link", "set", "br0", "up")

    def namespace(self, name):
        run("ip", "netns", "add", f"{TAG}-{name}")
        self.names.append(f"{TAG}-{name}")
        run("ip", "-n", f"{TAG}-{name}", "link", "set", "lo", "up")
        return f"{TAG}-{name}"

    def join(self, name, address):
        if address is None:
            self.taken += 1
            address = f"{self.prefix}.{self.taken}"
        if not address.startswith(self.prefix + "."):
            fail(f"{name} has the address {address}, which is not in the network")
        space, end = self.namespace(name), f"v{len(self.names)}"
        run("ip", "-n", self.bridge, "link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", space)
        run("ip", "-n", self.bridge, "link", "set", end, "master", "br0", "up")
        run("ip", "-n", space, "addr", "add", f"{address}/24", "dev", "eth0")
        run("ip", "-n", space, "link", "set", "eth0", "up")
        return address

    def close(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


class Composed:
    """The services, as far as they run."""

    def __init__(self, file, program, work):
        self.services, self.work, self.running = file["services"], work, {}
        self.image_env, self.entrypoint, self.command, self.found = look_at_dockerfile()
        say(f"Dockerfile: its steps name what is there; {self.entrypoint + self.command} as {self.found['USER']}")
        self.volumes = {name: self.folder(f"volume-{name}") for name in file["volumes"]}
        self.program = os.path.join(work, "bin", "trunkline")
        os.mkdir(os.path.dirname(self.program))
        shutil.copy(program, self.program)
        self.network = Network(file["networks"])
        addresses = {
            name: self.network.join(name, service.get("networks", {}).get("default", {}).get("ipv4_address"))
            for name, service in self.services.items()
        }
        self.hosts = os.path.join(work, "hosts")
        with open(self.hosts, "w") as hosts:
            hosts.write("127.0.0.1 localhost\n" + "".join(f"{address} {name}\n" for name, address in addresses.items()))
        os.chmod(work, 0o755)

    def folder(self, name):
        path = os.path.join(self.work, name)
        os.mkdir(path, 0o777)
        os.chmod(path, 0o777)
        return path

    def inside(self, name, command, env, user=None, mounts=()):
        """Begins a command where the service is: its network, its names, its environment and nothing else."""
        binds = "".join(f"mount --bind '{source}' '{target}' && " for source, target in [(self.hosts, "/etc/hosts"), *mounts])
        drop = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        wrapped = ["ip", "netns", "exec", f"{TAG}-{name}", "unshare", "--mount", "sh", "-c", f'{binds}exec "$@"', "sh", *drop]
        bins = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1:]
        path = ":".join([os.path.dirname(self.program), *bins, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
        log = open(os.path.join(self.work, f"{name}.log"), "ab")
        return subprocess.Popen(
            [*wrapped, *command], env={"PATH": path, **env}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            cwd=self.work, start_new_session=True,
        )

    def begin(self, name):
        service = self.services[name]
        env = {key: str(value) for key, value in service.get("environment", {}).items() if value is not None}
        image, command = service["image"], service.get("command")
        volumes = [volume.split(":") for volume in service.get("volumes", [])]
        for source, target, *_ in volumes:
            if source.startswith(".") and not os.path.exists(os.path.join(ROOT, source)):
                fail(f"{name} mounts {source}, which is not here")
            if not source.startswith(".") and source not in self.volumes:
                fail(f"{name} mounts {source}, which is none of the volumes")
        if image == "trunkline":
            if not service.get("build"):
                fail(f"{name} is not built of the Dockerfile")
            home = self.folder(f"home-{name}")
            env = {key: value for key, value in self.image_env.items() if key != "uid"} | env | {"TRUNKLINE_DATA_DIR": home}
            return self.inside(name, self.entrypoint + (command or self.command), env, self.image_env["uid"])
        if image.startswith("postgres:"):
            # What the image does of its variables: a superuser with a password, a database, every address.
            data = self.volumes[volumes[0][0]]
            user, password = env["POSTGRES_USER"], os.path.join(self.work, "password")
            open(password, "w").write(env["POSTGRES_PASSWORD"])
            os.chmod(password, 0o644)
            script = (
                f"set -e; initdb -D {data}/pg -E UTF8 --locale C.UTF-8 -U {user} -A scram-sha-256 --pwfile {password} >/dev/null; "
                f"echo 'host all all all scram-sha-256' >>{data}/pg/pg_hba.conf; "
                f"echo 'create database {env['POSTGRES_DB']}' | postgres --single -D {data}/pg postgres >/dev/null; "
                f"exec postgres -D {data}/pg -c listen_addresses='*' -c unix_socket_directories=''"
            )
            return self.inside(name, ["sh", "-c", script], {}, "postgres")
        if "versitygw" in image:
            port, folder = command[command.index("--port") + 1].lstrip(":"), command[-1]
            if [folder] != [target for _, target, *_ in volumes]:
                fail(f"{name} writes to {folder}, which is no volume")
            return self.inside(name, [sys.executable, SELF, "--storage", port, self.volumes[volumes[0][0]]], {})
        if image.startswith("curlimages/"):
            return self.inside(name, service["entrypoint"] + command, env)
        if image.startswith("nginx:"):
            mounts = [(os.path.join(os.path.realpath(ROOT), source), target) for source, target, *_ in volumes]
            return self.inside(name, ["nginx", "-g", "daemon off;"], env, mounts=mounts)
        return fail(f"{name}: nobody here knows what {image} does")

    def is_healthy(self, name):
        """Runs the health check until it is good, as often as the file allows, and more: this machine does other things too."""
        service = self.services[name]
        check = service["healthcheck"]
        kind, *command = check["test"]
        if kind != "CMD":
            fail(f"{name}: a health check that begins with {kind}")
        # The storage's image has busybox, and this machine may not have wget.
        if command[0] == "wget" and not shutil.which("wget"):
            command = ["curl", "-sfo", "/dev/null", command[-1]]
        for attempt in range(check["retries"] * 10):
            if self.running[name].poll() is not None:
                self.show(name)
                fail(f"{name} has ended")
            if self.inside(name, command, {}).wait(30) == 0:
                return say(f"{name}: healthy after {attempt + 1} looks")
            time.sleep(1)
        self.show(name)
        return fail(f"{name} does not become healthy")

    def up(self):
        """Each when those it depends on are what it wants of them."""
        left = dict(self.services)
        done = {}
        while left:
            ready = [name for name, service in left.items() if not set(service.get("depends_on", {})) - set(done)]
            if not ready:
                fail(f"{', '.join(left)} wait for each other, or for what is not there")
            for name in ready:
                for other, wanted in left[name].get("depends_on", {}).items():
                    self.wait_for(other, wanted["condition"], done)
                self.running[name] = self.begin(name)
                done[name] = set()
                del left[name]
        time.sleep(2)
        for name, process in self.running.items():
            if process.poll() not in (None, 0):
                self.show(name)
                fail(f"{name} has ended with {process.poll()}")

    def wait_for(self, name, condition, done):
        if condition in done[name]:
            return
        if condition == "service_healthy":
            self.is_healthy(name)
        elif condition == "service_completed_successfully":
            if self.running[name].wait(300) != 0:
                self.show(name)
                fail(f"{name} has failed")
            say(f"{name}: done")
        else:
            fail(f"{name}: the condition {condition}")
        done[name].add(condition)

    def show(self, name):
        sys.stderr.write(open(os.path.join(self.work, f"{name}.log"), errors="replace").read()[-3000:])

    def asks(self, method, url, body=None, token=None, expect="200"):
        """A browser outside: the ports that are published are those of these services."""
        ports = {port.rsplit(":", 2)[-2]: name for name, service in self.services.items() for port in service.get("ports", [])}
        command = ["curl", "-sSL", "-X", method, "-w", "\n%{http_code}", url]
        for port, name in ports.items():
            command += ["--connect-to", f"localhost:{port}:{name}:{port}"]
        if token:
            command += ["-H", f"Authorization: Bearer {token}"]
        command += ["-F", "file=@" + body[1:]] if isinstance(body, str) else []
        if isinstance(body, dict):
            command += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
        binds = f"mount --bind {self.hosts} /etc/hosts && exec \"$@\""
        out = run("ip", "netns", "exec", f"{TAG}-client", "unshare", "--mount", "sh", "-c", binds, "sh", *command)
        answer, _, status = out.rpartition("\n")
        if status not in expect.split():
            fail(f"{method} {url}: {status} {answer[:500]}")
        return answer

    def is_used(self):
        self.network.join("client", None)
        site = self.services["trunkline1"]["environment"]["TRUNKLINE_HTTP__PUBLIC_URL"]
        self.asks("GET", f"{site}/health/ready")
        person = {"email": "alice@example.com", "password": "trunkline1", "name": "Alice"}
        self.asks("POST", f"{site}/api/v1/auth/register", person, expect="201")
        token = json.loads(self.asks("POST", f"{site}/api/v1/auth/login", person))["access_token"]
        chat = json.loads(self.asks("POST", f"{site}/api/v1/chats", {"title": "Lobby"}, token, "201"))["id"]
        note = os.path.join(self.work, "note.txt")
        open(note, "w").write("a note")
        file = json.loads(self.asks("POST", f"{site}/api/v1/uploads", "@" + note, token, "201"))
        message = {"attachments": [file["id"]], "client_id": "c1"}
        self.asks("POST", f"{site}/api/v1/chats/{chat}/messages", message, token, "201")
        # Answered with an address of the storage, as browsers see it.
        found = self.asks("GET", file["url"], token=token)
        if found != "a note":
            fail(f"the file that was uploaded comes back as {found[:200]!r}")
        say("from outside: ready, a person, a chat, a message with a file, and the file from the storage")

    def down(self):
        """Each in the time that the file gives it, those first that depend on others."""
        for name, process in reversed(self.running.items()):
            if process.poll() is None:
                os.killpg(process.pid, 15 if "postgres" not in self.services[name]["image"] else 2)
                grace = int(str(self.services[name].get("stop_grace_period", "10s")).rstrip("s"))
                try:
                    process.wait(grace)
                except subprocess.TimeoutExpired:
                    say(f"{name}: does not stop in {grace} s")
                    os.killpg(process.pid, 9)
                    process.wait()
        self.network.close()


def main():
    if sys.argv[1:2] == ["--storage"]:
        return storage(int(sys.argv[2]), sys.argv[3])
    file = interpolated(yaml.safe_load(open(os.path.join(ROOT, "docker-compose.yml"))))
    with tempfile.TemporaryDirectory(prefix="trunkline-compose-", dir="/var/tmp") as work:
        composed = Composed(file, sys.argv[1], work)
        try:
            composed.up()
            composed.is_used()
        finally:
            composed.down()
    say("compose: ok")
    return None


if __name__ == "__main__":
    main()
