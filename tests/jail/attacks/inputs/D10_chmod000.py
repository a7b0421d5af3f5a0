# SPDX-License-Identifier: Apache-2.0
os.makedirs("x/y")
open("x/y/z", "w").close()
os.chmod("x/y", 0)
os.chmod("x", 0)
try:
    os.setxattr(".", b"user.a", b"b" * 60000)
    info("xattr set")
except OSError as failure:
    info("xattr errno=%d" % failure.errno)
