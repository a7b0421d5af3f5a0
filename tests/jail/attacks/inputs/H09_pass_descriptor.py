# SPDX-License-Identifier: Apache-2.0
# A descriptor handed to a neighbour would be a way between two jobs.
for name in (NEIGHBOUR, ABSTRACT, SOCKET):
    peer = socket.socket(socket.AF_UNIX)
    try:
        peer.connect(name)
        socket.send_fds(peer, [b"CANARY"], [os.open(".", os.O_RDONLY)])
        judge(True, "a descriptor sent to %r" % name)
    except OSError as failure:
        judge(False, "to %r" % name, failure.errno)
for name in ("/tmp/rendezvous", "/var/tmp/rendezvous", "/dev/shm/rendezvous"):
    judge(name.startswith("/tmp") and os.path.exists(name), "somebody was here: " + name)
    own = socket.socket(socket.AF_UNIX)
    try:
        own.bind(name)
        own.listen()
    except OSError as failure:
        judge(failure.errno == errno.EACCES, name, failure.errno)  # the second and third are the first
time.sleep(0.2)
