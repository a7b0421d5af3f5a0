# SPDX-License-Identifier: Apache-2.0
for host, port in (("127.0.0.1", PORT), ("127.0.0.1", 22), ("169.254.169.254", 80), ("192.0.2.1", 53)):
    try:
        peer = socket.socket()
        peer.settimeout(0.5)
        peer.connect((host, port))
        judge(True, "connect to %s:%d" % (host, port))
    except OSError as failure:
        judge(False, "connect to %s:%d" % (host, port), failure.errno)
for family, kind in ((2, 1), (2, 3), (10, 2), (16, 3), (17, 3), (40, 1), (38, 5), (44, 1)):
    try:
        socket.socket(family, kind)
        judge(True, "socket family %d" % family)
    except OSError as failure:
        judge(failure.errno != errno.EAFNOSUPPORT, "socket family %d" % family, failure.errno)
