# SPDX-License-Identifier: Apache-2.0
for name in (ABSTRACT, NEIGHBOUR, SOCKET, "/run/systemd/private", "/run/dbus/system_bus_socket", "/run/docker.sock"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        peer = socket.socket(socket.AF_UNIX, kind)
        try:
            peer.connect(name)
            judge(True, "connected to %r" % name)
        except OSError as failure:
            judge(failure.errno == errno.EPROTOTYPE, repr(name), failure.errno)
own = socket.socket(socket.AF_UNIX)
try:
    own.bind("\0jail-rendezvous")
    own.listen()
    time.sleep(0.2)
    info("a name of its own")
except OSError as failure:
    judge(failure.errno == errno.EADDRINUSE, "the name is taken by another job", failure.errno)
