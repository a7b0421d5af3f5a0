# SPDX-License-Identifier: Apache-2.0
open("own", "w").write("mine")
for path in (SHOWN + "/file", "/etc/passwd", "/usr/bin/python3", "own"):
    try:
        os.link(path, OUT)
        judge(path != "own", "hard link to %s" % path)
        break
    except OSError as failure:
        judge(False, "hard link to %s" % path, failure.errno)
