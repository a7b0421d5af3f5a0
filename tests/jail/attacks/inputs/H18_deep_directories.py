# SPDX-License-Identifier: Apache-2.0
name = "d" * 200
depth = 0
try:
    while depth < 20000:
        os.mkdir(name)
        os.chdir(name)
        depth += 1
except OSError as failure:
    info(errno.errorcode[failure.errno])
info("%d directories deep" % depth)
