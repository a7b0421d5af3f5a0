# SPDX-License-Identifier: Apache-2.0
import fcntl

kept = []
filled = 0
block = b"p" * 4096
try:
    while filled < 1 << 30:
        reader, writer = os.pipe()
        kept.append((reader, writer))
        try:
            fcntl.fcntl(writer, 1031, 1 << 20)
        except OSError:
            pass
        os.set_blocking(writer, False)
        try:
            while True:
                filled += os.write(writer, block)
        except BlockingIOError:
            pass
except OSError as failure:
    info("stopped: " + errno.errorcode[failure.errno])
judge(filled >= 1 << 30, "%d MB in pipes" % (filled >> 20))
