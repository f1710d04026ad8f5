# SPDX-License-Identifier: Apache-2.0
"""A collector serves every agent of pantau/1, however old (proto/PROTOCOL.md, 6): what agents of
earlier revisions said (tests/data/conversations) is acknowledged and counted today as it was then,
also when a newer one says more that is not known. With PANTAU_LONG those agents are built from
history, and live."""

import re
import shutil
import socket
import ssl
import subprocess
import sys

import pytest

from support import overheard
from support.enter import wait_in_ledger
from support.programs import LONG, ROOT, program
from support.records import pb, varint
from support.reporter import Reporter

TALKS = ROOT / "tests" / "data" / "conversations"
sys.path.insert(0, str(TALKS))
import record as recorder  # noqa: E402

NAMES = sorted(path.parent.name for path in TALKS.glob(f"*/{recorder.TALK}"))
UNKNOWN_FIELD = 1900  # of 1 to 18,999: fields of 2 bytes' tags that no revision uses
WAITS_FOR = {"hello": "welcome", "ping": "pong", "lease_request": "lease"}


def unknown_field(words=b"of a newer agent"):
    return varint(UNKNOWN_FIELD << 3 | 2) + varint(len(words)) + words


def as_it_was(frame):
    return [frame]


def as_of_a_newer_agent(frame):
    """The same with a field more in each message and record, and behind it a message of a kind that
    nobody knows. What a oneof holds bears its field as bytes: no parser of ours looks at them."""
    message = pb.FromAgent.FromString(frame)
    kind = message.WhichOneof("message")
    for entry in message.report.entries if kind == "report" else ():
        entry.record += unknown_field()
    number = pb.FromAgent.DESCRIPTOR.fields_by_name[kind].number
    body = getattr(message, kind).SerializeToString() + unknown_field()
    longer = varint(number << 3 | 2) + varint(len(body)) + body
    return [longer + unknown_field(), unknown_field()]


class Teller:
    """Says one session again to a collector of today."""

    def __init__(self, server, issued, session):
        self.reporter, self.session = Reporter(server, issued), session
        self.acked, self.rejected = {}, []

    def note(self, message):
        if isinstance(message, pb.Welcome):
            self.acked.update((ack.run, ack.up_to) for ack in message.durable)
        elif isinstance(message, pb.Ack):
            self.acked[message.run] = message.up_to
        elif isinstance(message, pb.Reject):
            self.rejected.append((message.run, message.sequence, message.code))

    def wait_for(self, done):
        while not done():
            message = self.reporter.receive()
            self.note(message)
            self.last = type(message).__name__.lower()

    def tell(self, change):
        """All that was said; returns when as much is acknowledged as was then."""
        for frame in self.session.of(overheard.AGENT):
            for changed in change(frame):
                self.reporter.send_frame(changed)
            answer = WAITS_FOR.get(pb.FromAgent.FromString(frame).WhichOneof("message"))
            if answer:
                self.last = None
                self.wait_for(lambda answer=answer: self.last == answer)
        then = overheard.acked(self.session)
        self.wait_for(lambda: all(self.acked.get(run, -1) >= up_to
                                  for run, up_to in then.items()))
        self.reporter.close()
        return then


def rejected_then(session):
    frames = map(pb.FromCollector.FromString, session.of(overheard.COLLECTOR))
    return [(one.reject.run, one.reject.sequence, one.reject.code) for one in frames
            if one.WhichOneof("message") == "reject"]


@pytest.fixture(name="told")
def fixture_told(running):
    """A server where a recorded conversation can be held again, by an agent issued today."""
    running.issued = running.issue(running.link)
    return running


@pytest.mark.parametrize("change", (as_it_was, as_of_a_newer_agent))
@pytest.mark.parametrize("name", NAMES)
def test_what_an_old_agent_said_counts_as_it_did(told, name, change):
    sessions = overheard.read(TALKS / name / recorder.TALK)
    assert {session.protocol for session in sessions} == {"pantau/1"}
    for session in sessions:
        teller = Teller(told, told.issued, session)
        assert teller.tell(change) == teller.acked
        assert teller.rejected == rejected_then(session) == []
    wait_in_ledger(told, told.issued.agent, len(recorder.records_of(sessions)))
    then = recorder.read_slots(TALKS / name / recorder.SLOTS)
    assert recorder.slots_of(told.state, told.link) == then
    assert recorder.placed_by_hand(told.state, told.link) == then


def test_there_is_a_conversation_of_this_version():
    version = re.search(r"version: '([\d.]+)'", (ROOT / "meson.build").read_text()).group(1)
    assert version in NAMES, "tests/data/conversations/record.py: before a release, take down one"


# ---- enrolment and renewal: a question, an answer, the end

def ask(server, protocol, question, papers=None):
    context = ssl.create_default_context(cafile=str(server.state / "ca" / "ca.crt"))
    context.set_alpn_protocols([protocol])
    if papers:
        context.load_cert_chain(papers / "agent.crt", papers / "agent.key")
    with socket.create_connection((server.address, server.port), 30) as plain, \
            context.wrap_socket(plain, server_hostname="pantau-collector") as tls:
        tls.sendall(overheard.framed(question))
        data = bytearray()
        while more := tls.recv(65536):
            data += more
    answer, = overheard.frames_in(data)
    return answer


def openssl(words, text):
    return subprocess.run(["openssl", *words], input=text, check=True, capture_output=True,
                          timeout=30).stdout


def assert_accepted(answer, question, like):
    """A certificate for the key that asked, in an answer of the lines that there were then."""
    def kinds(text):
        return [line.split(b" ")[0] for line in text.split(b"-----BEGIN")[0].splitlines()]
    assert kinds(answer) == kinds(like) and answer.startswith(b"accepted "), answer
    assert answer.count(b"-----BEGIN CERTIFICATE-----") == like.count(b"-----BEGIN CERTIFICATE")
    request = question.partition(b"\n")[2]
    key = openssl(["req", "-noout", "-pubkey"], request)
    assert openssl(["x509", "-noout", "-pubkey"], answer) == key


def those_with(file):
    return sorted(path.parent.name for path in TALKS.glob(f"*/{file}"))


def one_question(path, protocol):
    """(question, answer) of the session that was recorded."""
    session, = overheard.read(path)
    assert session.protocol == protocol
    (_, question), (_, answer) = session.frames
    return question, answer


@pytest.mark.parametrize("name", those_with(recorder.ENROL))
def test_a_router_enrols_as_it_did(running, name):
    question, like = one_question(TALKS / name / recorder.ENROL, "pantau-enrol/1")
    running.start("signer")
    token = running.pantau("token", "create", "--link", running.link).strip()
    secret = token.split("/")[-2].encode()
    asked = re.sub(rb"^enrol \w+\n", b"enrol " + secret + b"\n", question)
    answer = ask(running, "pantau-enrol/1", asked)
    assert_accepted(answer, asked, like)
    assert ask(running, "pantau-enrol/1", asked) == answer


@pytest.mark.parametrize("name", those_with(recorder.RENEW))
def test_a_router_renews_as_it_did(running, name):
    question, like = one_question(TALKS / name / recorder.RENEW, "pantau-renew/1")
    running.start("signer")
    papers = recorder.issue_long_ago(running, recorder.DUE)
    answer = ask(running, "pantau-renew/1", question, papers)
    assert_accepted(answer, question, like)


# ---- the agents themselves

def history_of(name):
    """The revision that a conversation names, when it is in this history."""
    revision = re.match(r"# pantau-agent of (\w+)", (TALKS / name / recorder.TALK).read_text())
    found = subprocess.run(["git", "-C", ROOT, "cat-file", "-e", f"{revision.group(1)}^{{commit}}"],
                           capture_output=True, check=False)
    if found.returncode:
        pytest.skip(f"{revision.group(1)} is not in this history: a shallow clone, or a tarball")
    return revision.group(1)


def build(revision, folder):
    folder.mkdir()
    archive = subprocess.run(["git", "-C", ROOT, "archive", revision], check=True,
                             capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    for command in (["meson", "setup", "build", "-Dserver=false", "-Dweb=false"],
                    ["ninja", "-C", "build", "agent/pantau-agent"]):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return folder / "build"


@pytest.mark.skipif(not LONG, reason="builds an agent (PANTAU_LONG)")
@pytest.mark.parametrize("name", NAMES)
def test_an_old_agent_lives_with_this_collector(tmp_path, name):
    built = build(history_of(name), tmp_path / "old")
    try:
        sessions, rows = recorder.record(built, tmp_path)
    finally:
        shutil.rmtree(tmp_path / "old")
    assert len(sessions) >= 3 and len(rows) >= 3 * recorder.SLOTS_A_PART
    assert {rejected for session in sessions for rejected in rejected_then(session)} == set()
