# SPDX-License-Identifier: Apache-2.0
"""An agent's side of the conversation with a real collector, in blocking Python: proto/PROTOCOL.md
in a hundred lines. It can also say what no agent should."""

import socket
import ssl
import struct

from support.records import pb

FRAME_BYTES = 48 * 1024  # of entries in one report: well under the 64 KiB of a frame
ENTRIES = 256
IN_FLIGHT = 4  # reports sent before the first is acknowledged


class Refused(Exception):
    def __init__(self, refuse):
        super().__init__(f"{refuse.code}: {refuse.text}")
        self.code, self.text = refuse.code, refuse.text


class Lost(Exception):
    """The connection ended."""


class Reporter:
    def __init__(self, server, issued, ca=None, timeout_s=30):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(ca or issued.folder / "ca.crt")
        if issued:
            context.load_cert_chain(issued.folder / "agent.crt", issued.folder / "agent.key")
        context.set_alpn_protocols(["pantau/1"])
        try:
            plain = socket.create_connection((server.address, server.port), timeout_s)
            self.socket = context.wrap_socket(plain, server_hostname="pantau-collector")
        except OSError as error:
            raise Lost(str(error)) from error
        self.input, self.acked = b"", {}

    def send_frame(self, payload):
        try:
            self.socket.sendall(struct.pack(">I", len(payload)) + payload)
        except OSError as error:
            raise Lost(str(error)) from error

    def send(self, **message):
        self.send_frame(pb.FromAgent(**message).SerializeToString())

    def take(self, count):
        while len(self.input) < count:
            try:
                more = self.socket.recv(65536)
            except OSError as error:
                raise Lost(str(error)) from error
            if not more:
                raise Lost("the collector closed the connection")
            self.input += more
        taken, self.input = self.input[:count], self.input[count:]
        return taken

    def receive(self):
        """The next message: a Welcome, Ack, Reject or Pong."""
        length, = struct.unpack(">I", self.take(4))
        message = pb.FromCollector.FromString(self.take(length))
        kind = message.WhichOneof("message")
        if kind == "refuse":
            raise Refused(message.refuse)
        return getattr(message, kind)

    def hello(self, *runs, boot=b"B" * 16, sent_us=1000000, wan="wan"):
        """`runs` of (run, nonce, first, last). The WELCOME."""
        held = [pb.HeldRun(run=run, nonce=nonce, first=first, last=last)
                for run, nonce, first, last in runs]
        self.send(hello=pb.Hello(software="tests 1", boot=boot, sent_us=sent_us, wan=wan,
                                 runs=held))
        welcome = self.receive()
        assert isinstance(welcome, pb.Welcome), welcome
        self.acked = {ack.run: ack.up_to for ack in welcome.durable}
        return welcome

    def report(self, run, records):
        """Sends {sequence: bytes} or [(sequence, bytes)] in one frame."""
        pairs = records.items() if isinstance(records, dict) else records
        self.send(report=pb.Report(entries=[
            pb.Entry(run=run, sequence=sequence, record=record) for sequence, record in pairs]))

    def await_ack(self, run, up_to, on_ack=None):
        """Until the run is safe up to there; the rejected sequences on the way."""
        rejected = {}
        while self.acked.get(run, 0) < up_to:
            self.note(self.receive(), rejected)
            if on_ack:
                on_ack(run, self.acked.get(run, 0))
        return rejected

    def note(self, message, rejected):
        if isinstance(message, pb.Reject):
            rejected[message.sequence] = message
        elif isinstance(message, pb.Ack):
            self.acked[message.run] = message.up_to

    def deliver(self, run, records):
        """Sends a list of (sequence, bytes) that rises, and returns when all of it is
        acknowledged: {sequence: Reject} of what never will be taken."""
        frames, rejected = list(packed(records)), {}
        for number, frame in enumerate(frames):
            self.report(run, frame)
            if number >= IN_FLIGHT:
                rejected |= self.await_ack(run, frames[number - IN_FLIGHT][-1][0])
        rejected |= self.await_ack(run, max(sequence for sequence, _ in records))
        return rejected | self.rest()

    def rest(self):
        """What the collector has said up to now, as {sequence: Reject}."""
        rejected = {}
        self.send(ping=pb.Ping(sent_us=1))
        while not isinstance(message := self.receive(), pb.Pong):
            self.note(message, rejected)
        return rejected

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()


def packed(records):
    """The records as lists that fit in a report."""
    frame, size = [], 0
    for sequence, record in records:
        if frame and (size + len(record) > FRAME_BYTES or len(frame) == ENTRIES):
            yield frame
            frame, size = [], 0
        frame.append((sequence, record))
        size += len(record) + 16
    if frame:
        yield frame
