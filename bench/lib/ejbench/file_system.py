# SPDX-License-Identifier: Apache-2.0
"""Where the spool lies while it is measured. Each submission makes and removes some files, so what that costs is a part
of every latency, and it differs a lot."""

import contextlib
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

IMAGE_SIZE = 8 << 30  # sparse; with an inode for each file of the largest queue
FILES = 200


@contextlib.contextmanager
def own_ext4():
    """A new one in an image, mounted for as long as a `with` lasts. Takes root, and mkfs.ext4."""
    with tempfile.TemporaryDirectory(prefix="ejf-bench-ext4-") as directory:
        os.chmod(directory, 0o755)  # other users' compilers must get through
        image = pathlib.Path(directory, "image")
        with open(image, "wb") as file:
            file.truncate(IMAGE_SIZE)
        place = pathlib.Path(directory, "mnt")
        place.mkdir()
        for command in (["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0", image], ["mount", "-o", "loop", image, place]):
            if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode != 0:
                sys.exit("bench: %s failed; --ext4 takes root, e2fsprogs and a loop device" % command[0])
        try:
            yield place
        finally:
            # At once, whoever still has a file there: what is deleted next is the directory below it.
            subprocess.run(["umount", "--lazy", place], check=True)


def describe(report, directory):
    """The median for a file that is made, written, renamed and removed."""
    making, removing = [], []
    with tempfile.TemporaryDirectory(dir=directory) as name:
        place = pathlib.Path(name)
        for number in range(FILES):
            begin = time.perf_counter()
            descriptor = os.open(place / "new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(descriptor, b"text\n")
            os.close(descriptor)
            os.rename(place / "new", place / str(number))
            making.append(time.perf_counter() - begin)
        for number in range(FILES):
            begin = time.perf_counter()
            os.unlink(place / str(number))
            removing.append(time.perf_counter() - begin)
    cost = statistics.median(making) + statistics.median(removing)
    report.row("a file there: made, written, renamed, removed", "%.0f us" % (1e6 * cost))
