# SPDX-License-Identifier: Apache-2.0
"""A double of ejudge's super-server, as far as it looks at the compile server's languages: what it reads and runs when
an administrator opens the settings of a contest, and what a contest knows of a language that is activated there."""

import re
import subprocess

from .harness import Failure
from .languages import Language

# What the server exports, in this order: strings, flags, sizes, and strings again.
_STRINGS = "short_name long_name extid super_run_dir compile_server_id arch src_sfx exe_sfx".split()
_FLAGS = (
    "disabled insecure disable_security enable_suid_run is_dos binary disable_auto_testing disable_testing"
    " enable_custom enable_ejudge_env enable_network enable_remote_cache preserve_line_numbers default_disabled enabled"
    " disable_auto_update"
).split()
_SIZES = (
    "max_vm_size max_stack_size max_file_size max_rss_size run_max_stack_size run_max_vm_size run_max_rss_size"
    " run_max_file_size"
).split()
_MORE = "container_options compiler_container_options clean_up_cmd run_env_file clean_up_env_file version".split()
_REPEATED = ("compiler_env", "style_checker_env")
_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\["\\\'abtnvfr]|\\x[0-9a-f]{2})*"'
_ORDER = [
    ("id", r" = [1-9]\d*"),
    ("compile_dir_index", r" = [1-9]\d*"),
    *((name, " = " + _QUOTED) for name in _STRINGS),
    *((name, "") for name in _FLAGS),
    *((name, " = " + _QUOTED) for name in ("content_type", "style_checker_cmd")),
    *((name, r" = [1-9]\d*[KMG]?") for name in _SIZES),
    *((name, " = " + _QUOTED) for name in _REPEATED),
    *((name, " = " + _QUOTED) for name in _MORE),
]
_ALWAYS = ("id", "short_name", "src_sfx")


def check_export(text):
    """Raises Failure unless this is what consumers of the exported list may rely on, line for line."""
    if not text.endswith("\n\n"):
        raise Failure("the exported list does not end with an empty line")
    ids = []
    for section in text[:-2].split("\n\n"):
        header, *lines = section.split("\n")
        if header != "[language]":
            raise Failure("%r instead of [language]" % header)
        _check_lines(lines)
        ids.append(int(lines[0].split(" = ")[1]))
    if ids != sorted(set(ids)):
        raise Failure("the numbers are not unique and ascending: %r" % ids)


def _check_lines(lines):
    position = 0
    seen = []
    for line in lines:
        while position < len(_ORDER) and not re.fullmatch(_ORDER[position][0] + _ORDER[position][1], line):
            position += 1
        if position == len(_ORDER):
            raise Failure("%r is no line of the exported list, or not in its place" % line)
        seen.append(_ORDER[position][0])
        position += 0 if seen[-1] in _REPEATED else 1
    if not set(_ALWAYS) <= set(seen):
        raise Failure("%r lacks one of %r" % (lines, _ALWAYS))


def parse_languages(text):
    """[{key: value}] of the [language] sections by the grammar of compile.cfg, with quoted strings only."""
    sections = []
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip()
        if not words or words[0] in "#;%":
            continue
        match = re.fullmatch(r"(\w{1,31})(?:\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s\"#;]+))?\s*(?:[#;].*)?", words)
        if words == "[language]":
            sections.append({})
        elif match is None:
            raise Failure("line %d: %r" % (number, line))
        elif sections:
            sections[-1][match.group(1)] = _unquoted(match.group(2) or "1")
    return sections


def _unquoted(value):
    if not value.startswith('"'):
        return value
    return value[1:-1].encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\" in value else value[1:-1]


class SuperServer:
    """`uid`: ejudge's own user; None when the test cannot become another one. `path`: the PATH that it was started with."""

    def __init__(self, site, path, uid=None):
        self.site = site
        self.path = path
        self.uid = uid

    def exported(self):
        """{short name: section} of what the compile server offers to contests that import languages."""
        text = (self.site.request_base / "config/dir/compile.cfg").read_text()
        check_export(text)
        return {section["short_name"]: section for section in parse_languages(text)}

    def configured(self):
        """The same of compile.cfg itself, for contests that do not."""
        return {section["short_name"]: section for section in parse_languages(self.site.config.read_text())}

    def ask_version_script(self, command):
        """(exit code, standard output) of SCRIPTS/command-version -f, started as ejudge's super-server does."""
        kinds = {} if self.uid is None else {"user": self.uid, "group": self.uid, "extra_groups": []}
        done = subprocess.run(
            [str(self.site.scripts / (command + "-version")), "-f"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, cwd="/", check=False,
            env={"PATH": self.path, "HOME": "/nonexistent"}, **kinds,
        )
        return done.returncode, done.stdout

    def offer(self, name):
        """What an administrator of a contest without import is shown; as at ejudge, "" for a script that fails."""
        section = self.configured()[name]
        if not (self.site.scripts / (section["cmd"] + "-version")).exists():
            return section.get("long_name", "")
        code, text = self.ask_version_script(section["cmd"])
        return text.strip() if code == 0 else ""

    def activate(self, name):
        """The language of a contest that imports it: ejudge refuses what is disabled."""
        section = self.exported()[name]
        if "disabled" in section:
            raise Failure("%s is disabled and cannot be activated" % name)
        return Language(int(section["id"]), name, None, section["src_sfx"], section.get("exe_sfx", ""))
