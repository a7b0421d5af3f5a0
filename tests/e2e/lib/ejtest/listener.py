# SPDX-License-Identifier: Apache-2.0
"""A service of this machine that a compiler might reach."""

import socket
import threading


class Listener:
    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.reached = 0
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def _serve(self):
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.reached += 1

    def __exit__(self, *_):
        self.socket.close()
