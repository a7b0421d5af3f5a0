# SPDX-License-Identifier: Apache-2.0
"""What the server's answer to an attack must be."""

import os
import re
import time

from ejtest import packets
from ejtest.harness import Failure

LOG_LIMIT = (1 << 20) + 4096
STOPPED = (("printed more than", "OL"), ("needed more than", "ML"), ("used more than", "TL"))


def verdict_of(result):
    end = result.log[-300:]
    if result.status == packets.STATUS_OK:
        return "OK"
    if result.status == packets.STATUS_COMPILE_ERROR:
        last = end.strip().splitlines()[-1] if end.strip() else ""
        for words, verdict in STOPPED:
            if last.startswith("The compiler was stopped: it " + words):
                return verdict
        return "TL" if last == "Compilation process timed out" else "CE"
    if "is not a regular file" in end:
        return "REJECT"
    return "REFUSED" if "The source is too large" in end else "FAILED"


class Unforeseen(Failure):
    """The attack ended otherwise than the manifest says, and did no harm: a race that it lost or won, a busy machine."""


def check_verdict(attack, result):
    verdict = verdict_of(result)
    accepted = set(attack.expect)
    if "SAFE" in accepted:
        accepted |= {"OK", "CE"}
    if verdict not in accepted:
        raise Unforeseen("verdict %s instead of %s; log: %s" % (verdict, "|".join(attack.expect), short(result.log)))
    return verdict


def short(text):
    return repr(text if len(text) <= 700 else text[:300] + " ... " + text[-400:])


def check_proof(attack, result, verdict):
    """That the attack took place at all."""
    if attack.is_probe and verdict != "REFUSED":
        if "INFO:begin" not in result.log:
            raise Unforeseen("it did not begin: " + short(result.log))
        if attack.ends and verdict in ("OK", "CE", "REJECT") and "INFO:end" not in result.log:
            raise Unforeseen("it did not come to its end: " + short(result.log))
    if attack.log and verdict not in ("TL", "ML", "OL") and not re.search(attack.log, result.log):
        raise Unforeseen("no %r in its log: %s" % (attack.log, short(result.log)))


def check_secrets(ground, result):
    around = ground.around
    for token in (around.token, around.kept):
        for suffix, file in result.files.items():
            if token.encode() in file.data:
                raise Failure("a secret got out, in the file %r: %s" % (suffix or "executable", short(result.log)))
    if around.services.reached:
        raise Failure("a service of the host was reached %d times" % around.services.reached)


def check_log(result):
    data = result.files[".txt"].data
    if len(data) > LOG_LIMIT:
        raise Failure("the log has %d bytes" % len(data))
    data.decode()  # raises what main reports, if it is not UTF-8
    bad = re.search(rb"[\x00-\x08\x0e-\x1f\x7f]", data)
    if bad:
        raise Failure("the log holds byte %#x: %r" % (bad.group()[0], data[max(bad.start() - 40, 0) : bad.end() + 40]))
    if "VULN:" in result.log:
        raise Failure("; ".join(line[-200:] for line in result.log.splitlines() if "VULN:" in line)[:600])


def check_files(ground, result, verdict):
    """The files of the report are new ones of the server's, and no others."""
    # Where nothing was compiled, what stands for the executable is the log.
    if set(result.files) - {"", ".txt"}:
        raise Failure("files in the report: %s" % sorted(result.files))
    owner = os.geteuid() if ground.uid is None else ground.uid
    for suffix, file in result.files.items():
        if file.mode & 0o7000 or file.uid not in (owner, 0):
            raise Failure("the file %r of the report has mode %o and owner %d" % (suffix, file.mode, file.uid))
    if verdict == "OK" and "" not in result.files:
        raise Failure("there is no executable")


# --- checks that a manifest names


def check_binary(_, result, verdict, __):
    if verdict == "OK" and result.files[""].data[:4] != b"\x7fELF":
        raise Failure("the executable is none: %r" % result.files[""].data[:40])


def check_artefact(_, result, __, ___):
    """What a daemon writes to the output after the end is not in it."""
    if re.fullmatch(b"artefactx*", result.files[""].data) is None or len(result.files[""].data) > 100:
        raise Failure("the output is %r" % result.files[""].data[:100])


def check_artefact_or_nothing(_, result, verdict, __):
    # Empty: the script around the attack looks for an output too, and makes one where it finds none.
    if verdict == "OK" and result.files[""].data not in (b"artefact", b""):
        raise Failure("the output is %r" % result.files[""].data[:100])


def check_content(_, result, __, wanted):
    if result.files[""].data.decode() != wanted:
        raise Failure("the output is %r instead of %r" % (result.files[""].data[:100], wanted))


def check_no_host_path(ground, result, _, __):
    if os.fsencode(ground.site.root) in result.files[""].data or b"/sandbox" not in result.files[""].data + b"/sandbox":
        raise Failure("a path of the host is in the executable")


def check_namespaces(ground, result, _, __):
    """Others than the host's; and no neighbour has them (of those that each job has anew)."""
    seen = dict(line[len("INFO:namespace ") :].split(":", 1) for line in result.log.splitlines() if "INFO:namespace" in line)
    if len(seen) != 7:
        raise Failure("namespaces: %s" % seen)
    hosts = {name: os.readlink("/proc/self/ns/" + name).split(":", 1)[1] for name in seen}
    for name in sorted(seen):
        # Root's jail has no user namespace: the job's user is none of the host's.
        if seen[name] == hosts[name] and not (name == "user" and ground.uid is None and os.geteuid() == 0):
            raise Failure("the %s namespace is the host's" % name)
    for earlier in ground.__dict__.setdefault("namespaces", []):
        shared = [name for name in ("ipc", "mnt", "pid") if seen[name] == earlier[name] and name in earlier]
        if shared and time.monotonic() - earlier["when"] < 0.15:
            raise Failure("two jobs at a time share: %s" % ", ".join(shared))
    ground.namespaces.append(dict(seen, when=time.monotonic()))


CHECKS = {
    "binary": check_binary,
    "artefact": check_artefact,
    "artefact_or_nothing": check_artefact_or_nothing,
    "content": check_content,
    "no_host_path": check_no_host_path,
    "namespaces": check_namespaces,
}


def check_answer(ground, attack, result):
    """Raises Failure with the first thing that is wrong."""
    check_log(result)
    check_secrets(ground, result)
    verdict = check_verdict(attack, result)
    check_proof(attack, result, verdict)
    check_files(ground, result, verdict)
    for check in attack.checks:
        name, _, argument = check.partition(":")
        CHECKS[name](ground, result, verdict, argument)
    return verdict
