# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the service manager: what a process tells it."""

import os
import socket
import time


class Manager:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, folder):
        self.path = str(folder / "notify.sock")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(0.2)
        self.heard = []

    def hear(self, text, timeout_s):
        """Until something begins with `text`."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if any(one.startswith(text) for one in self.heard):
                return True
            try:
                self.heard.append(self.socket.recv(4096).decode())
            except TimeoutError:
                pass
        return False

    def drain(self):
        """Forgets what was said until now."""
        while self.hear("", 0.3):
            self.heard.clear()

    def close(self):
        self.socket.close()
        os.unlink(self.path)
