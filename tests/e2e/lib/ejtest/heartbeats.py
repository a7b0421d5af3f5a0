# SPDX-License-Identifier: Apache-2.0
"""Heartbeats as ejudge's pages read them: a FlatBuffers table, taken apart here without FlatBuffers."""

import os
import struct

from .harness import wait_until

FIELDS = (
    ("timestamp_ms", "q"),
    ("last_handled_request_ms", "q"),
    ("start_time_ms", "q"),
    ("accumulated_ms", "q"),
    ("request_count", "q"),
    ("instance_id", "s"),
    ("queue", "s"),
    ("ip_address", "s"),
    ("pid", "i"),
)
FAST = "[server]\nheartbeat_interval = 100ms\n"


def decode(data):
    """{field: value}; what is left out of the table is 0 or ""."""
    table = struct.unpack_from("<I", data, 0)[0]
    vtable = table - struct.unpack_from("<i", data, table)[0]
    size = struct.unpack_from("<H", data, vtable)[0]
    values = {}
    for number, (name, kind) in enumerate(FIELDS):
        slot = 4 + 2 * number
        offset = struct.unpack_from("<H", data, vtable + slot)[0] if slot < size else 0
        if offset == 0:
            values[name] = "" if kind == "s" else 0
        elif kind == "s":
            text = table + offset
            text += struct.unpack_from("<I", data, text)[0]
            length = struct.unpack_from("<I", data, text)[0]
            values[name] = data[text + 4 : text + 4 + length].decode()
        else:
            values[name] = struct.unpack_from("<" + kind, data, table + offset)[0]
    return values


def directory(site):
    return site.request_base / "heartbeat/dir"


def names(site):
    return sorted(os.listdir(directory(site))) if directory(site).exists() else []


def path_of(site, server, base=None):
    return directory(site) / ("%s.%d" % (base or os.uname().nodename, server.pid))


def wait_for(site, server, base=None, **wanted):
    """The heartbeat as soon as it has these values, or whatever predicates on them hold."""
    path = path_of(site, server, base)

    def look():
        if not path.exists():
            return None
        found = decode(path.read_bytes())
        fits = all(value(found[name]) if callable(value) else found[name] == value for name, value in wanted.items())
        return found if fits else None

    return wait_until(look, "the heartbeat %s with %s" % (path.name, sorted(wanted)), 10)
