# SPDX-License-Identifier: Apache-2.0
"""Conversations as they were held: a go-between that takes them down frame by frame, in plain text,
and the file in which they are kept.

    # words about it
    session pantau/1        a connection, and the protocol that was agreed on
    > 0a2d0a13...           a frame of the agent, without its length
    < 0a1e0a02...           one of the collector
"""

import contextlib
import select
import socket
import ssl
import struct
import threading
from dataclasses import dataclass, field

from support.records import pb

PROTOCOLS = ("pantau/1", "pantau-enrol/1", "pantau-renew/1")
AGENT, COLLECTOR = ">", "<"
WAIT_S = 120  # longer than an agent is ever silent while it is listened to


@dataclass
class Session:
    protocol: str
    frames: list = field(default_factory=list)  # (who, bytes), as they came

    def of(self, who):
        return [frame for speaker, frame in self.frames if speaker == who]


def read(path):
    sessions = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        mark, _, rest = line.partition(" ")
        if mark == "session":
            sessions.append(Session(rest))
        elif mark in (AGENT, COLLECTOR):
            sessions[-1].frames.append((mark, bytes.fromhex(rest)))
        else:
            assert mark == "#", f"{path}:{number}: {mark}"
    return sessions


def write(path, words, sessions):
    lines = [f"# {line}" for line in words]
    for session in sessions:
        lines.append(f"session {session.protocol}")
        lines += [f"{who} {frame.hex()}" for who, frame in session.frames]
    path.write_text("\n".join(lines) + "\n")


def frames_in(data):
    """The whole frames at the front of a bytearray, which loses them."""
    while len(data) >= 4:
        length, = struct.unpack_from(">I", data)
        if len(data) < 4 + length:
            return
        yield bytes(data[4:4 + length])
        del data[:4 + length]


def framed(frame):
    return struct.pack(">I", len(frame)) + frame


def taken(end):
    """What has come; None: nothing yet, empty: nothing ever again."""
    end.setblocking(False)
    try:
        return end.recv(65536)
    except ssl.SSLWantReadError:
        return None
    finally:
        end.settimeout(WAIT_S)


def acked(session):
    """{run: the last up_to} of what the collector said in a session."""
    found = {}
    for frame in session.of(COLLECTOR):
        message = pb.FromCollector.FromString(frame)
        kind = message.WhichOneof("message")
        acks = {"welcome": message.welcome.durable, "ack": [message.ack]}.get(kind, ())
        found.update((ack.run, ack.up_to) for ack in acks)
    return found


class GoBetween:
    """Stands at `port` as the collector, with its certificate, and goes on to it as the agent whose
    certificate and key `papers()` names when somebody comes; None for one that has none yet."""

    def __init__(self, server, papers):
        self.server, self.papers, self.sessions = server, papers, []
        self.open, self.lock = [], threading.Lock()
        tls = server.state / "tls"
        chain = server.folder / "between.pem"
        chain.write_text((tls / "server.crt").read_text() +
                         (server.state / "ca" / "ca.crt").read_text())
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.load_cert_chain(chain, tls / "server.key")
        self.context.set_alpn_protocols(PROTOCOLS)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self.stand_between, args=(plain,), daemon=True).start()

    def onward(self, protocol):
        context = ssl.create_default_context(cafile=self.server.state / "ca" / "ca.crt")
        context.set_alpn_protocols([protocol])
        papers = self.papers()
        if papers and protocol != "pantau-enrol/1":
            context.load_cert_chain(*papers)
        plain = socket.create_connection((self.server.address, self.server.port), WAIT_S)
        return context.wrap_socket(plain, server_hostname="pantau-collector")

    def stand_between(self, plain):
        with contextlib.suppress(OSError):
            agent = self.context.wrap_socket(plain, server_side=True)
            collector = self.onward(agent.selected_alpn_protocol())
            session = Session(agent.selected_alpn_protocol())
            with self.lock:
                self.sessions.append(session)
                self.open += [agent, collector]
            ends = {agent: (AGENT, collector, bytearray()),
                    collector: (COLLECTOR, agent, bytearray())}
            while all(self.carry(session, end, *ends[end])
                      for end in select.select(list(ends), (), (), WAIT_S)[0]):
                pass
            for end in ends:
                end.close()

    def carry(self, session, source, who, target, data):
        """What has come from one end, to the other. False: no more will. A frame is taken down
        before it is handed on, so an answer stands behind its question."""
        while more := taken(source):
            data += more
            for frame in frames_in(data):
                with self.lock:
                    session.frames.append((who, frame))
                target.sendall(framed(frame))
        return more is None

    def cut(self):
        """Every connection, as a link that is gone."""
        with self.lock:
            ends, self.open = self.open, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def heard(self, protocol="pantau/1"):
        """Sessions with anything in them, copied."""
        with self.lock:
            return [Session(one.protocol, list(one.frames)) for one in self.sessions
                    if one.protocol == protocol and one.frames]

    def close(self):
        self.listener.close()
        self.cut()
