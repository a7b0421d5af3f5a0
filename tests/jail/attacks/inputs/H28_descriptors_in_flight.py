# SPDX-License-Identifier: Apache-2.0
sent = 0
try:
    for _ in range(3000):
        one, other = socket.socketpair()
        socket.send_fds(one, [b"x"], [one.fileno(), other.fileno()] * 100)
        one.close()
        other.close()
        sent += 200
except OSError as failure:
    info("stopped: " + errno.errorcode.get(failure.errno, str(failure)))
info("%d descriptors on their way" % sent)
