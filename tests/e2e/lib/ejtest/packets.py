# SPDX-License-Identifier: Apache-2.0
"""ejudge's compile packets, written from the protocol's tables and from nothing else.

The server has its own encoder and decoder; this one shares no line with them, so that a mistake there shows here.
All integers are little-endian; a packet is a multiple of 16 bytes, and so is the start of each of its strings.
"""

import dataclasses
import struct
import uuid

REQUEST_VERSIONS = (6, 7, 8, 11, 12, 13, 14, 16, 18)
REQUEST_HEADER = dict(zip(REQUEST_VERSIONS, (160, 160, 176, 208, 208, 208, 224, 224, 240)))

# Offset of each field in each version; "-": that version has no such field.
_REQUEST_TABLE = """
packet_len               0   0   0   0   0   0   0   0   0
version                  4   4   4   4   4   4   4   4   4
judge_id                 8   8   8   8   8   8   8   8   8
contest_id              12  12  12  12  12  12  12  12  12
run_id                  16  16  16  16  16  16  16  16  16
lang_id                 20  20  20  20  20  20  20  20  20
locale_id               24  24  24  24  24  24  24  24  24
output_only             28  28  28  28  28  28  28  28  28
submit_id                -   -   -  32  32  32  32  32  32
max_vm_size             32  32  32  40  40  40  40  40  40
max_stack_size          40  40  40  48  48  48  48  48  48
max_file_size           48  48  48  56  56  56  56  56  56
max_rss_size             -   -  56  64  64  64  64  64  64
style_check_only        56  56  64  72  72  72  72  72  72
ts1                     60  60  68  76  76  76  76  76  76
ts1_us                  64  64  72  80  80  80  80  80  80
style_checker_len       68  68  76  84  84  84  84  84  84
src_sfx_len             72  72  80  88  88  88  88  88  88
run_block_len           76  76  84  92  92  92  92  92  92
env_num                 80  80  88  96  96  96  96  96  96
sc_env_num              84  84  92 100 100 100 100 100 100
use_uuid                88  88  96 104 104 104 104 104 104
use_container            -   - 100 108 108 108 108 108 108
vcs_mode                 -   -   - 112 112 112 112 112 112
not_ok_is_cf             -   -   -   - 116 116 116 116 116
preserve_numbers         -   -   -   -   -   -   - 120 120
enable_remote_cache      -   -   -   -   -   -   - 124 124
enable_run_props         -   -   -   -   -   -   -   - 128
enable_network           -   -   -   -   -   -   -   - 132
uuid                    92  92 104 116 120 120 120 128 136
judge_uuid               -   -   - 132 136 136 136 144 152
multi_header           108 108 120 148 152 152 152 160 168
lang_header            112 112 124 152 156 156 156 164 172
user_id                116 116 128 156 160 160 160 168 176
lang_short_name_len    120 120 132 160 164 164 164 172 180
header_pat_len         124 124 136 164 168 168 168 176 184
footer_pat_len         128 128 140 168 172 172 172 180 188
header_dir_len         132 132 144 172 176 176 176 184 192
compiler_env_pat_len   136 136 148 176 180 180 180 188 196
user_login_len         140 140 152 180 184 184 184 192 200
exam_cypher_len        144 144 156 184 188 188 188 196 204
contest_server_id_len    - 148 160 188 192 192 192 200 208
container_options_len    -   - 164 192 196 196 196 204 212
vcs_compile_cmd_len      -   -   - 196 200 200 200 208 216
compile_cmd_len          -   -   -   -   - 204 204 212 220
extra_src_dir_len        -   -   -   -   -   - 208 216 224
"""

REPLY_LAYOUTS = ("R80", "R112A", "R112B", "R128")
REPLY_HEADER = dict(zip(REPLY_LAYOUTS, (80, 112, 112, 128)))
REPLY_VERSION = 1  # in every release

_REPLY_TABLE = """
packet_len               0   0   0   0
version                  4   4   4   4
judge_id                 8   8   8   8
contest_id              12  12  12  12
run_id                  16  16  16  16
status                  20  20  20  20
submit_id                -  24  24  24
ts1                     24  32  32  32
ts1_us                  28  36  36  36
ts2                     32  40  40  40
ts2_us                  36  44  44  44
ts3                     40  48  48  48
ts3_us                  44  52  52  52
run_block_len           48  56  56  56
use_uuid                52  60  60  60
prepended_size           -   -  64  64
cached_on_remote         -   -  68  68
has_run_props            -   -   -  72
zip_mode                72  96 104  76
uuid                    56  64  72  80
judge_uuid               -  80  88  96
prop_sfx                 -   -   - 112
"""

_WIDE = {"submit_id", "max_vm_size", "max_stack_size", "max_file_size", "max_rss_size"}
_SIXTEEN_BYTES = {"uuid", "judge_uuid", "prop_sfx"}

# The variable part, in this order; a string that a version lacks is left out.
_STRINGS = (
    "style_checker",
    "src_sfx",
    "run_block",
    "lang_short_name",
    "header_pat",
    "footer_pat",
    "header_dir",
    "compiler_env_pat",
    "user_login",
    "exam_cypher",
    "contest_server_id",
    "container_options",
    "vcs_compile_cmd",
    "compile_cmd",
    "extra_src_dir",
)

# What a writer puts where nobody says anything else (protocol: defaults of ej-contests).
_DEFAULTS = {
    "judge_id": 1,
    "contest_id": 1,
    "run_id": 1,
    "max_vm_size": -1,
    "max_stack_size": -1,
    "max_file_size": -1,
    "use_uuid": 1,
    "user_id": 1,
    "enable_network": -1,
}

STATUS_OK = 0
STATUS_COMPILE_ERROR = 1
STATUS_CHECK_FAILED = 6
STATUS_STYLE_ERROR = 14


def _parse_table(text, columns):
    """{column: {field: offset}}"""
    table = {column: {} for column in columns}
    for line in text.split("\n"):
        if not line:
            continue
        field, *offsets = line.split()
        for column, offset in zip(columns, offsets, strict=True):
            if offset != "-":
                table[column][field] = int(offset)
    return table


REQUEST_FIELDS = _parse_table(_REQUEST_TABLE, REQUEST_VERSIONS)
REPLY_FIELDS = _parse_table(_REPLY_TABLE, REPLY_LAYOUTS)


def reply_layout(request_version):
    if request_version <= 8:
        return "R80"
    if request_version <= 14:
        return "R112A"
    return "R112B" if request_version == 16 else "R128"


def is_per_contest(request_version):
    """Up to ejudge 3.10.2 every contest had its own status and report directories."""
    return request_version <= 13


def _put(buffer, field, offset, value):
    if field in _SIXTEEN_BYTES:
        buffer[offset : offset + 16] = bytes(value).ljust(16, b"\0")
    else:
        struct.pack_into("<q" if field in _WIDE else "<i", buffer, offset, value)


def _get(buffer, field, offset):
    if field in _SIXTEEN_BYTES:
        return bytes(buffer[offset : offset + 16])
    return struct.unpack_from("<q" if field in _WIDE else "<i", buffer, offset)[0]


def _padded(data):
    return data + bytes(-len(data) % 16)


def _as_bytes(value):
    return value.encode() if isinstance(value, str) else bytes(value)


def new_uuid():
    return uuid.uuid4().bytes


def uuid_text(raw):
    return str(uuid.UUID(bytes=bytes(raw)))


@dataclasses.dataclass
class Request:
    """Fields as in the tables; strings and environment by their names without _len and _num."""

    version: int = 18
    fields: dict = dataclasses.field(default_factory=dict)
    strings: dict = dataclasses.field(default_factory=dict)
    env: list = dataclasses.field(default_factory=list)
    sc_env: list = dataclasses.field(default_factory=list)

    @staticmethod
    def make(version=18, **values):
        request = Request(version=version)
        request.fields = dict(_DEFAULTS, uuid=new_uuid(), judge_uuid=new_uuid())
        for name, value in values.items():
            if name in ("env", "sc_env"):
                setattr(request, name, [_as_bytes(item) for item in value])
            elif name in _STRINGS:
                request.strings[name] = _as_bytes(value)
            elif any(name in columns for columns in REQUEST_FIELDS.values()):
                request.fields[name] = value
            else:
                raise KeyError(name)
        return request

    @property
    def run_name(self):
        """Name of the reply, and of the report files without their suffixes."""
        if self.fields.get("use_uuid", 0) <= 0:
            return "%06d" % self.fields["run_id"]
        has_judge_uuid = "judge_uuid" in REQUEST_FIELDS[self.version]
        judge_uuid = self.fields.get("judge_uuid", bytes(16))
        return uuid_text(judge_uuid if has_judge_uuid and any(judge_uuid) else self.fields["uuid"])

    def encode(self):
        offsets = REQUEST_FIELDS[self.version]
        header = bytearray(REQUEST_HEADER[self.version])
        for field, value in self.fields.items():
            if field in offsets:
                _put(header, field, offsets[field], value)
        body = b""
        for name in _STRINGS:
            if name + "_len" in offsets:
                text = self.strings.get(name, b"")
                _put(header, name + "_len", offsets[name + "_len"], len(text))
                body += _padded(text)
        for name in ("env", "sc_env"):
            items = getattr(self, name)
            _put(header, name + "_num", offsets[name + "_num"], len(items))
            body += _padded(struct.pack("<%di" % len(items), *map(len, items)))
            body += _padded(b"".join(items))
        _put(header, "version", offsets["version"], self.version)
        _put(header, "packet_len", offsets["packet_len"], len(header) + len(body))
        return bytes(header) + body

    @staticmethod
    def decode(data):
        version = struct.unpack_from("<i", data, 4)[0]
        offsets = REQUEST_FIELDS[version]
        values = {field: _get(data, field, offset) for field, offset in offsets.items()}
        if values["packet_len"] != len(data):
            raise ValueError("packet_len %d in a packet of %d bytes" % (values["packet_len"], len(data)))
        request = Request(version=version)
        position = REQUEST_HEADER[version]
        for name in _STRINGS:
            length = values.pop(name + "_len", 0)
            if length:
                request.strings[name] = data[position : position + length]
            position += length + -length % 16
        for name in ("env", "sc_env"):
            count = values.pop(name + "_num")
            lengths = struct.unpack_from("<%di" % count, data, position)
            position += 4 * count + -4 * count % 16
            for length in lengths:
                getattr(request, name).append(data[position : position + length])
                position += length
            position += -position % 16
        if position != len(data):
            raise ValueError("%d bytes after the end" % (len(data) - position))
        request.fields = {field: value for field, value in values.items() if field not in ("packet_len", "version")}
        return request


@dataclasses.dataclass
class Reply:
    """A reply as ej-contests reads it, with its checks. Fields that the layout lacks are absent."""

    layout: str
    fields: dict
    run_block: bytes

    @property
    def status(self):
        return self.fields["status"]

    @staticmethod
    def decode(data, layout):
        size = REPLY_HEADER[layout]
        if len(data) < size or len(data) % 16 or len(data) > 65536:
            raise ValueError("a reply of %d bytes" % len(data))
        fields = {field: _get(data, field, offset) for field, offset in REPLY_FIELDS[layout].items()}
        length = fields["run_block_len"]
        if fields["packet_len"] != len(data) or fields["version"] != REPLY_VERSION:
            raise ValueError("packet_len %(packet_len)d, version %(version)d" % fields)
        if size + length + -length % 16 != len(data):
            raise ValueError("run_block_len %d in a reply of %d bytes" % (length, len(data)))
        ranges = {"judge_id": 65535, "run_id": 999999, "ts1_us": 999999, "ts2_us": 999999, "ts3_us": 999999}
        for field, last in ranges.items():
            if not 0 <= fields[field] <= last:
                raise ValueError("%s is %d" % (field, fields[field]))
        if not 1 <= fields["contest_id"] <= 999999 or fields["status"] not in (0, 1, 6, 14):
            raise ValueError("contest_id %(contest_id)d, status %(status)d" % fields)
        if any(data[size + length :]):
            raise ValueError("garbage behind the run block")
        return Reply(layout, fields, data[size : size + length])


_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUV"


def _base32(value, digits):
    return "".join(_DIGITS[(value >> (5 * i)) & 31] for i in reversed(range(digits)))


def packet_name(priority, seconds, microseconds, judge_uuid):
    """The 35 characters of ejudge since 3.10: priority, time, judge_uuid."""
    low, high = struct.unpack("<QQ", bytes(judge_uuid))
    time = (seconds << 8) + ((microseconds >> 12) & 0xFF)
    return _DIGITS[min(max(priority + 16, 0), 31)] + _base32(time, 8) + _base32(high, 13) + _base32(low, 13)
