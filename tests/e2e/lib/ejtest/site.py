# SPDX-License-Identifier: Apache-2.0
"""A temporary ejudge site: configuration, languages, a spool; requests in, replies out."""

import contextlib
import dataclasses
import os
import pathlib
import stat
import time

from . import languages as langs
from . import packets
from .harness import (
    Failure,
    at_end_of_case,
    at_end_of_test,
    build_dir,
    case_directory,
    expect_equal,
    is_jailed,
    wait_until,
)
from .server import Server

CONTESTS_ID = "contests1"
RUN_BLOCK = bytes(range(24))

XML = """<?xml version="1.0" encoding="utf-8" ?>
<config>
  <contests_home_dir>{contests}</contests_home_dir>
  <compile_home_dir>{compile}</compile_home_dir>
  <hosts_options>
    <host name="*"><option name="compile_parallelism" value="{slots}"/></host>
  </hosts_options>
</config>
"""


@dataclasses.dataclass
class Ticket:
    """A request under way."""

    name: str  # of its packet
    request: packets.Request
    source_file: pathlib.Path
    reply_base: pathlib.Path

    @property
    def run_name(self):
        return self.request.run_name

    @property
    def reply_file(self):
        return self.reply_base / "status/dir" / self.run_name


@dataclasses.dataclass
class ReportFile:
    data: bytes
    mode: int
    size: int
    uid: int


@dataclasses.dataclass
class Result:
    reply: packets.Reply
    reply_mode: int
    files: dict  # suffix: ReportFile

    @property
    def status(self):
        return self.reply.status

    @property
    def log(self):
        return self.files[".txt"].data.decode(errors="replace")


class Site:
    """`layout`: "spool" or "legacy". Everything lies below one directory of this case, but for a spool that is named. A
    shared one lives until the end of the case, others until the end of the test."""

    _count = 0

    def __init__(
        self, languages=langs.ALL, layout="spool", slots=2, global_lines=(), settings="", is_shared=False, spool=None
    ):
        Site._count += 1
        self.root = case_directory() / ("site%d" % Site._count)
        self.layout = layout
        # Names of the machine's cgroups come from it, so that it must differ between sites that run at one time.
        self.queue_id = "q%d-%d" % (os.getpid(), Site._count)
        self.contests = self.root / "contests"
        self.compile_home = self.contests / "compile"
        self.scripts = self.compile_home / "scripts"
        self.config = self.compile_home / "conf/compile.cfg"
        self.xml = self.root / "ejudge.xml"
        self.spool = spool or self.root / "spool"
        self.local = self.root / "local"
        self.server_log = self.root / "server.log"
        self.servers = []
        self._packets = 0
        for directory in (self.scripts, self.config.parent / "lang.d", self.contests / "var", self.spool, self.local):
            directory.mkdir(parents=True)
        self.global_lines = list(global_lines)
        self.write_config(languages)
        for language in languages:
            if language.script is not None:
                self.write_script(language.name, language.script)
        self.write_xml(slots)
        self.write_settings(settings)
        (at_end_of_case if is_shared else at_end_of_test)(self.close)

    # --- configuration

    def write_settings(self, text):
        if "sync_interval" not in text:
            # By default claims go a second after their replies: too long for all the tests that look for what is left.
            text += "\n[server]\nsync_interval = 20ms\n"
        (self.config.parent / "ejforge.ini").write_text(text)

    def write_xml(self, slots):
        self.xml.write_text(XML.format(contests=self.contests, compile=self.compile_home, slots=slots))

    def write_config(self, languages, extra=""):
        lines = ['root_dir = "%s"' % self.compile_home, 'lang_config_dir = "%s/lang.d"' % self.config.parent]
        text = "\n".join(lines + self.global_lines) + "\n\n" + "".join(langs.section(item) for item in languages)
        self.config.write_text(text + extra)

    def write_script(self, name, body, mode=0o755):
        path = self.scripts / name
        path.write_text("#! /bin/sh\n" + body)
        path.chmod(mode)

    # --- servers

    def place_options(self):
        spool = "" if self.layout == "legacy" else self.spool
        return ["-x", self.xml, "--spool-dir", spool, "--local-dir", self.local, "--contests-home-dir", self.contests]

    def command(self, *arguments, jail=None):
        words = [build_dir() / "ej-compile", *self.place_options(), "-I", self.queue_id]
        if not (is_jailed() if jail is None else jail):
            words.append("--no-jail")
        return [*words, *arguments, self.config]

    def launch(self, command, **options):
        """Starts it without waiting."""
        server = Server(command, options.pop("log_path", self.server_log), **options)
        self.servers.append(server)
        return server

    def start(self, *arguments, jail=None, uid=None, **options):
        command = self.command(*arguments, jail=jail)
        if uid is not None:
            command = ["setpriv", "--reuid", uid, "--regid", uid, "--clear-groups", *command]
        return self.launch(command, **options).wait_ready()

    def close(self):
        """Ends what still runs; the first complaint is raised when everything has ended."""
        problem = None
        for server in self.servers:
            try:
                server.kill()
            except Failure as failure:
                problem = problem or failure
        self._sweep_groups()
        if problem is not None:
            raise problem

    def _sweep_groups(self):
        """A broker that was killed leaves its control groups, empty, to the next server of the queue; there is none."""
        for group in pathlib.Path("/sys/fs/cgroup").glob("*/ejforge-%s-*" % self.queue_id):
            for path, _, _ in os.walk(group, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(path)

    # --- the spool

    @property
    def request_base(self):
        return self.compile_home / "var/compile" if self.layout == "legacy" else self.spool / self.queue_id

    def reply_base(self, request):
        contest = "%06d" % request.fields["contest_id"]
        if self.layout == "legacy":
            return self.request_base / contest
        server = self.queue_id
        if "contest_server_id_len" in packets.REQUEST_FIELDS[request.version]:
            server = request.strings.get("contest_server_id", b"").decode() or server
        base = self.spool / server
        return base / contest if packets.is_per_contest(request.version) else base

    def make_request(self, language=None, version=18, **fields):
        sfx = language.src_sfx if isinstance(language, langs.Language) else ".txt"
        lang_id = language.id if isinstance(language, langs.Language) else (language or 0)
        now = time.time()
        values = {
            "lang_id": lang_id,
            "src_sfx": sfx,
            "run_block": RUN_BLOCK,
            "contest_server_id": CONTESTS_ID,
            "ts1": int(now),
            "ts1_us": int(now % 1 * 1e6),
        }
        return packets.Request.make(version, **{**values, **fields})

    def submit(self, source, language=None, version=18, priority=0, **fields):
        return self.submit_request(self.make_request(language, version, **fields), source, priority)

    def submit_request(self, request, source, priority=0):
        self._packets += 1
        unique = self._packets.to_bytes(8, "little") + os.urandom(8)
        name = packets.packet_name(priority, request.fields["ts1"], request.fields["ts1_us"], unique)
        source_file = self.request_base / "src" / (name + request.strings.get("src_sfx", b"").decode())
        if source is not None:
            source_file.write_bytes(source.encode() if isinstance(source, str) else source)
        self.put_packet(name, request.encode())
        return Ticket(name, request, source_file, self.reply_base(request))

    def put_packet(self, name, data):
        """As ej-contests writes it: complete when it appears."""
        queue = self.request_base / "queue"
        temporary = queue / "in" / ("%d_test_%s" % (os.getpid(), name))
        temporary.write_bytes(data)
        temporary.rename(queue / "dir" / name)

    def wait_reply(self, ticket, timeout=30.0, read_limit=4 << 20):
        """Takes the reply and the report files away, as ej-contests does; of each file, no more than so much is read."""
        wait_until(ticket.reply_file.exists, "the reply to " + ticket.name, timeout, step=0.002)
        data = ticket.reply_file.read_bytes()
        mode = stat.S_IMODE(ticket.reply_file.stat().st_mode)
        ticket.reply_file.unlink()
        reply = packets.Reply.decode(data, packets.reply_layout(ticket.request.version))
        return Result(reply, mode, self.take_report_files(ticket, read_limit))

    def take_report_files(self, ticket, read_limit=4 << 20):
        files = {}
        for path in (ticket.reply_base / "report").iterdir():
            if path.name.startswith(ticket.run_name):
                info = path.lstat()
                with path.open("rb") as file:
                    data = file.read(read_limit)
                suffix = path.name[len(ticket.run_name) :]
                files[suffix] = ReportFile(data, stat.S_IMODE(info.st_mode), info.st_size, info.st_uid)
                path.unlink()
        return files

    def run(self, source, language=None, version=18, timeout=30.0, **fields):
        return self.wait_reply(self.submit(source, language, version, **fields), timeout)

    # --- what is left

    def leftovers(self):
        """Every file of the spool that no request should leave behind, relative to the site."""
        left = []
        request_side = [self.request_base / part for part in ("queue/in", "queue/dir", "queue/out", "src")]
        reply_side = []
        for status in {*self.root.glob("**/status"), *self.spool.glob("**/status")}:
            reply_side += [status / "in", status / "dir", status / "out", status.parent / "report"]
        for directory in request_side + reply_side:
            if directory.exists():
                left += [path for path in directory.iterdir() if not path.name.startswith(".instance-")]
        if (self.local / "compile/work").exists():
            left += [path for path in (self.local / "compile/work").iterdir() if not self._is_spare(path)]
        return sorted(os.path.relpath(path, self.root) for path in left)

    @staticmethod
    def _is_spare(path):
        """The box that root's server without a jail keeps ready: nobody's yet."""
        try:
            return os.geteuid() == 0 == path.stat().st_uid and {each.name for each in path.iterdir()} == {".home", ".tmp"}
        except OSError:
            return False

    def expect_clean(self):
        """Nothing is left in the spool; a claim goes a moment after its reply."""
        try:
            wait_until(lambda: not self.leftovers(), "the spool to be clean", timeout=30)
        except Failure:
            expect_equal(self.leftovers(), [], "left in the spool")
