# SPDX-License-Identifier: Apache-2.0
"""Where the attacks take place: a site with a server of a given user, secrets around it, services that count who comes,
and a job that has something to hide."""

import os
import pathlib
import secrets
import shutil
import signal
import socket
import tempfile
import threading

from ejtest.harness import Failure, at_end_of_case, build_dir, wait_until
from ejtest.languages import Language
from ejtest.site import Site
from ejtest.server import Server

# $1 is the source, $2 the output. A probe need not make one.
SCRIPT = """mv "$1" "$ATTACK_FILE" || exit 99
f=$ATTACK_FILE o=$2
eval "$ATTACK_COMMAND"
code=$?
[ $code != 0 ] || [ -e "$o" ] || [ -L "$o" ] || : >"$o"
exit $code
"""
KEEPER = """import os, signal, socket, sys, time
open("secret", "w").write(sys.argv[1])
open("/dev/shm/secret", "w").write(sys.argv[1])
door = socket.socket(socket.AF_UNIX)
door.bind("\\0" + sys.argv[2])
door.listen()
door.settimeout(0.05)
reached = 0
ended = []
signal.signal(signal.SIGTERM, lambda *_: ended.append(1))
open("/proc/self/comm", "w").write("kept-ready")
while not ended:
    try:
        door.accept()[0].send(sys.argv[1].encode())
        reached += 1
    except OSError:
        pass
print("reached %d times, holds %s" % (reached, sorted(set(os.listdir(".")) - {os.path.basename(sys.argv[0])})))
"""
KEEPER_LANGUAGE = Language(90, "keeper", 'exec python3 "./$1" "$KEPT" "$NAME"\n', ".py", more=("compile_real_time_limit = 7200",))
SECONDS = (1, 2, 3, 5)
SLOTS = 3  # two attacks, or one and a neighbour, and the keeper

TIGHT = {"MEMORY": 256, "BOX_MIB": 64, "BOX_INODES": 3000, "LINE_MIB": 4, "PROCESSES": 64, "DRAIN": 8}
ORDINARY = {"MEMORY": 1024, "BOX_MIB": 256, "BOX_INODES": 20000, "LINE_MIB": 64, "PROCESSES": 256, "DRAIN": 1024}
SETTINGS = """[server]
sync_interval = 50ms

[jail]
memory = {MEMORY}M
box_size = {BOX_MIB}M
box_inodes = {BOX_INODES}
processes = {PROCESSES}
log_drain_limit = {DRAIN}M
visible = {SHOWN}
"""


def languages():
    timed = [Language(10 + n, "attack%d" % n, SCRIPT, more=("compile_real_time_limit = %d" % n,)) for n in SECONDS]
    return (Language(10, "attack", SCRIPT), *timed, KEEPER_LANGUAGE)


class Services:
    """Of the host: a port, an abstract socket and one with a name. Whoever comes is counted, and gets a secret."""

    def __init__(self, directory, token):
        self.name = "attacked-" + secrets.token_hex(8)
        self.path = directory / "socket"
        self.reached = 0
        self._token = token.encode()
        self._sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port = self._sockets[0].getsockname()[1]
        for address in ("\0" + self.name, str(self.path)):
            door = socket.socket(socket.AF_UNIX)
            door.bind(address)
            door.listen()
            self._sockets.append(door)
        self.path.chmod(0o777)
        for door in self._sockets:
            threading.Thread(target=self._serve, args=(door,), daemon=True).start()

    def _serve(self, door):
        while True:
            try:
                with door.accept()[0] as peer:
                    self.reached += 1
                    peer.send(self._token)
            except OSError:
                return

    def close(self):
        for door in self._sockets:
            try:
                door.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            door.close()


class Surroundings:
    """What of the host is worth attacking. Lies where the jail shows nothing, but for `shown`."""

    def __init__(self):
        parent = "/var/lib" if os.geteuid() == 0 else "/var/tmp"
        self.token = "c4n4ry-" + secrets.token_hex(8)
        self.kept = "kept-by-a-neighbour-" + secrets.token_hex(8)
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="ejf-attacked-", dir=parent))
        at_end_of_case(lambda: shutil.rmtree(self.directory))
        self.shown = pathlib.Path(tempfile.mkdtemp(prefix="ejf-shown-", dir=parent))
        at_end_of_case(lambda: shutil.rmtree(self.shown))
        self.directory.chmod(0o755)
        self.shown.chmod(0o777)
        self.secret = self._write(self.directory / "secret", "secret " + self.token, 0o600)
        self.public = self._write(self.directory / "public", "public " + self.token, 0o644)
        self._write(self.shown / "file", "shown\n", 0o666)
        self.services = Services(self.directory, self.token)
        at_end_of_case(self.services.close)

    @staticmethod
    def _write(path, text, mode):
        path.write_text(text)
        path.chmod(mode)
        return path

    def is_untouched(self):
        return (
            sorted(os.listdir(self.directory)) == ["public", "secret", "socket"]
            and os.listdir(self.shown) == ["file"]
            and (self.shown / "file").read_text() == "shown\n"
            and self.secret.read_text() == "secret " + self.token
        )


class Ground:
    """One server, with its keeper at work. `removed`: walls that a test build of ej-jail leaves out."""

    def __init__(self, surroundings, uid, limits, removed=(), has_keeper=True):
        self.around = surroundings
        self.limits = limits
        self.uid = uid
        self.languages = {language.id - 10: language for language in languages()}
        settings = SETTINGS.format(SHOWN=surroundings.shown, **limits)
        self.site = Site(languages=languages(), slots=SLOTS, settings=settings, is_shared=True)
        self.neighbour = "neighbour-" + secrets.token_hex(8)
        self._programs = self._copy_programs(removed)
        if uid is not None:
            for path in [self.site.root, *self.site.root.rglob("*")]:
                os.chown(path, uid, uid)
        self.server = self._start()
        (self.site.spool / "canary").write_text(surroundings.token)
        (self.site.request_base / "src/canary").write_text(surroundings.token)
        self.keeper = self._start_keeper() if has_keeper else None
        self.values = dict(
            limits, SECRET=surroundings.secret, PUBLIC=surroundings.public, PUBLIC_NAME=surroundings.public.name,
            SHOWN=surroundings.shown, PORT=surroundings.services.port, ABSTRACT=surroundings.services.name,
            SOCKET=surroundings.services.path, NEIGHBOUR=self.neighbour, SPOOL=self.site.spool, ID=secrets.token_hex(4),
        )

    def _copy_programs(self, removed):
        """The build directory may lie where an ordinary user cannot go."""
        directory = self.site.root / "bin"
        directory.mkdir()
        jail = "tests/jail/ej-jail-with-gaps" if removed else "ej-jail"
        for source, name in (("ej-compile", "ej-compile"), (jail, "ej-jail")):
            shutil.copy2(build_dir() / source, directory / name)
        if removed:
            (directory / "ej-jail.gaps").write_text(" ".join(removed) + "\n")
        return directory

    def _start(self):
        command = [self._programs / "ej-compile", *self.site.place_options(), "-I", self.site.queue_id, self.site.config]
        if self.uid is not None:
            who = str(self.uid)
            command = ["setpriv", "--reuid", who, "--regid", who, "--clear-groups", *command]
        environment = dict(os.environ, CANARY_ENV=self.around.token)
        server = Server(command, self.site.server_log, environment=environment, directory="/")
        self.site.servers.append(server)
        return server.wait_ready()

    def _start_keeper(self):
        env = ["KEPT=" + self.around.kept, "NAME=" + self.neighbour]
        ticket = self.site.submit(KEEPER, KEEPER_LANGUAGE, env=env)
        wait_until(self._keeper_process, "the neighbour that has something to hide")
        self.site.kept_name = ticket.name
        return ticket

    def _keeper_process(self):
        for pid, _ in self.server.helpers():
            try:
                if pathlib.Path("/proc/%d/comm" % pid).read_text() == "kept-ready\n":
                    return pid
            except OSError:
                pass
        return None

    def end_keeper(self):
        """What it has to tell."""
        pid = self._keeper_process()
        if pid is None:
            raise Failure("the neighbour that has something to hide has ended")
        os.kill(pid, signal.SIGTERM)
        return self.site.wait_reply(self.keeper).log

    def submit(self, file, source, command, seconds=0, mark="", more=()):
        env = ["ATTACK_FILE=" + file, "ATTACK_COMMAND=" + command, "ATTACK_MARK=" + mark, *more]
        return self.site.submit(source, self.languages[seconds], env=env)

    def jail_pid(self):
        return self.server.broker()[0]

    def is_alive(self):
        return self.server.is_running() and self.server.broker() is not None


def descriptors_of(pid):
    try:
        return len(os.listdir("/proc/%d/fd" % pid))
    except OSError:
        return 0


def mounts_of(pid):
    try:
        return pathlib.Path("/proc/%d/mountinfo" % pid).read_text().count("\n")
    except OSError:
        return 0


