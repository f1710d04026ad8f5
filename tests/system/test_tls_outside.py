# SPDX-License-Identifier: Apache-2.0
"""The collector's door seen from outside, by other programs than ours: what it offers, whom it lets
in, and that whoever it refuses hears an alert and leaves one line in the log, with the reason and
the address."""

import itertools
import re
import socket
import ssl
import subprocess
import time

import pytest

from support import papers
from support.papers import CLIENT, SERVER, YEAR_2021, YEAR_2090, Paper, openssl
from support.programs import wait_for
from support.records import pb
from support.reporter import Refused, Reporter
from support.server import Server
from support.strangers import client_hello

CIPHERS = {"TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"}
OTHER_CIPHERS = {"TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"}
GROUPS = {"X25519", "P-256"}
OTHER_GROUPS = {"P-384", "P-521", "X448", "ffdhe2048", "ffdhe3072"}
HANDSHAKE_S = 2

# Of RFC 8446, section 6
CLOSE_NOTIFY, UNEXPECTED_MESSAGE, HANDSHAKE_FAILURE = 0, 10, 40
ILLEGAL_PARAMETER, DECODE_ERROR, PROTOCOL_VERSION = 47, 50, 70
NO_APPLICATION_PROTOCOL = 120

hosts = (f"127.1.{i // 250}.{i % 250 + 1}" for i in itertools.count())


@pytest.fixture(scope="module", name="door")
def fixture_door(tmp_path_factory):
    """A collector that enrols too, with one agent that is in the middle of its report."""
    folder = tmp_path_factory.mktemp("door")
    server = Server(folder / "server", settings={"collector": {"handshake_s": HANDSHAKE_S,
                                                               "idle_s": 300}}).init()
    try:
        server.link = server.add_link()
        server.start("ingest", "signer")
        server.agent = server.issue(server.link, "agent")
        server.ca = Paper(server.state / "ca/ca.crt", server.state / "ca/ca.key")
        server.papers = folder / "papers"
        server.papers.mkdir()
        with Reporter(server, server.issue(server.link, "bystander"), timeout_s=60) as bystander:
            bystander.hello((1, 7, 1, 10))
            yield server
            assert bystander.rest() == {}
    finally:
        server.close()


@pytest.fixture(name="host")
def fixture_host():
    """An address that nobody came from before."""
    return next(hosts)


# Alert 120, for which OpenSSL 3.0 has no name: what "-msg" shows of it is its bytes.
NO_APPLICATION_PROTOCOL = "    02 78"


def paper_of(issued):
    return Paper(issued.folder / "agent.crt", issued.folder / "agent.key")


def lines_about(door, host):
    return [line for line in door.log("ingest").splitlines() if f"{host}:" in line]


def the_line(door, host, words):
    """What was logged about the host: one line, with the words."""
    wait_for(lambda: lines_about(door, host),
             f"a line about {host}: {door.log('ingest')[-2000:]}", 10)
    time.sleep(0.05)
    found = lines_about(door, host)
    assert len(found) == 1 and words.lower() in found[0].lower(), (words, found)


def visit(door, host, paper=None, alpn="pantau/1", name="pantau-collector"):
    """Comes with this certificate, and hears the reason why not; None when nothing is said."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(door.ca.certificate)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # a weak certificate is ours to bring
    if paper:
        context.load_cert_chain(paper.certificate, paper.key)
    context.set_alpn_protocols([alpn])
    plain = socket.create_connection((door.address, door.port), 20, source_address=(host, 0))
    try:
        with context.wrap_socket(plain, server_hostname=name) as tls:
            return None if tls.recv(1) else "closed"
    except ssl.SSLError as refusal:
        return refusal.reason


def say(door, host, *parts, wait_s=0.0):
    """What the door answers to raw bytes, until it closes."""
    with socket.create_connection((door.address, door.port), 20,
                                  source_address=(host, 0)) as plain:
        for part in parts:
            plain.sendall(part)
            time.sleep(wait_s)
        answer = b""
        try:
            while more := plain.recv(65536):
                answer += more
        except ConnectionResetError:
            pass
    return answer


def alert_in(answer):
    """The number in the plain alert that the answer is; None when it is none."""
    return answer[6] if len(answer) == 7 and answer[0] == 21 and answer[5] == 2 else None


def s_client(door, host, *words, lines=b"Q\n", paper=None):
    """What openssl says of the connection."""
    command = ["openssl", "s_client", "-connect", f"{door.address}:{door.port}", "-bind",
               f"{host}:0", "-CAfile", door.ca.certificate, "-servername", "pantau-collector",
               *words]
    if paper:
        command += ["-cert", paper.certificate, "-key", paper.key]
    return subprocess.run(list(map(str, command)), input=lines, capture_output=True,
                          timeout=30).stdout.decode(errors="replace") \
        if lines is not None else command


# ---- what it offers

def test_what_is_agreed_on(door, host):
    said = s_client(door, host, "-alpn", "pantau/1", paper=paper_of(door.agent))
    assert "TLSv1.3" in said and "ALPN protocol: pantau/1" in said
    assert "Compression: NONE" in said and "Early data was not sent" in said
    assert "Verify return code: 0 (ok)" in said
    assert "Secure Renegotiation IS NOT supported" in said
    assert "Requested Signature Algorithms: " in said and "RSA-PSS" not in said.split(
        "Peer signing digest")[1].split("\n")[0]


def test_no_tickets_so_no_resumption_and_no_early_data(door, host, tmp_path):
    """A session that could be resumed would not be asked for its certificate again."""
    session = tmp_path / "session"
    said = s_client(door, host, "-alpn", "pantau/1", "-sess_out", session, "-ign_eof",
                    paper=paper_of(door.agent))
    assert "Post-Handshake New Session Ticket" not in said and "Max Early Data" not in said
    assert not session.exists() or not session.read_text().strip()


@pytest.mark.parametrize("kind, ours, others", [("-ciphersuites", CIPHERS, OTHER_CIPHERS),
                                                ("-groups", GROUPS, OTHER_GROUPS)])
def test_ciphers_and_groups(door, kind, ours, others):
    def agreed(name):
        said = s_client(door, next(hosts), "-alpn", "pantau/1", kind, name,
                        paper=paper_of(door.agent))
        return "New, TLSv1.3, Cipher is TLS_" in said
    assert {name for name in ours | others if agreed(name)} == ours


def test_what_it_does_not_agree_on_is_told(door, host):
    s_client(door, host, "-alpn", "pantau/1", "-ciphersuites", "TLS_AES_128_CCM_SHA256")
    the_line(door, host, "no shared cipher")
    other = next(hosts)
    s_client(door, other, "-alpn", "pantau/1", "-groups", "P-384")
    the_line(door, other, "no suitable key share")
    third = next(hosts)
    s_client(door, third, "-alpn", "pantau/1", "-sigalgs", "rsa_pss_rsae_sha256")
    the_line(door, third, "no suitable signature algorithm")


# ---- other protocols

@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_1", "-tls1"])
def test_older_versions(door, host, version):
    said = s_client(door, host, version, "-cipher", "ALL:@SECLEVEL=0", "-alpn", "pantau/1",
                    "-msg", paper=paper_of(door.agent))
    assert "Cipher is (NONE)" in said and "fatal protocol_version" in said
    the_line(door, host, "the peer does not offer TLS 1.3")


@pytest.mark.parametrize("alpn", [(), ("-alpn", "h2"), ("-alpn", "pantau/2"),
                                  ("-alpn", "http/1.1,h2")])
def test_unknown_alpn(door, host, alpn):
    said = s_client(door, host, *alpn, "-msg", paper=paper_of(door.agent))
    assert "Cipher is (NONE)" in said and NO_APPLICATION_PROTOCOL in said
    the_line(door, host, "does not speak pantau/1")


def test_enrolment_is_another_protocol(door, host):
    """Neither asks for a certificate, nor gives what an agent gets."""
    assert visit(door, host, alpn="pantau-enrol/1") in (None, "closed")
    other = next(hosts)
    said = s_client(door, other, "-alpn", "pantau-enrol/1,pantau/1")
    assert "ALPN protocol: pantau/1" in said
    the_line(door, other, "the peer sent no certificate")


# ---- whom it lets in

def strangers(door):
    """{what: (certificate, alert, words of the log)}"""
    folder, ca = door.papers, door.ca
    other_ca = papers.self_signed(folder, "other-ca", "Pantau Desa CA",
                                  "basicConstraints=critical,CA:TRUE")
    agent, subject = paper_of(door.agent), f"agent-{door.agent.agent}"
    rsa = papers.make_key(folder / "rsa.key", "RSA", "-pkeyopt", "rsa_keygen_bits:1024")
    made = {name: papers.issue(folder, name, ca, subject, *more) for name, more in {
        "expired": (CLIENT, YEAR_2021), "early": (CLIENT, YEAR_2090),
        "server-only": (SERVER,)}.items()}
    made["weak"] = papers.issue(folder, "weak", ca, subject, key=rsa)
    of_agent = papers.issue(folder, "of-agent", agent, subject)
    long = papers.with_chain(folder, agent, "long", *[ca.certificate] * 40)
    return {
        "none": (None, "TLSV13_ALERT_CERTIFICATE_REQUIRED", "the peer sent no certificate"),
        "of another CA": (papers.issue(folder, "foreign", other_ca, subject),
                          "TLSV1_ALERT_UNKNOWN_CA", "is signed by another CA"),
        "signed by itself": (papers.self_signed(folder, "self", subject, *CLIENT),
                             "TLSV1_ALERT_UNKNOWN_CA", "is signed by another CA"),
        "expired": (made["expired"], "SSLV3_ALERT_CERTIFICATE_EXPIRED", "expired on 2021-03-31"),
        "not yet valid": (made["early"], "SSLV3_ALERT_BAD_CERTIFICATE",
                          "is valid only from 2090-03-01"),
        "the collector's own": (Paper(door.state / "tls/server.crt", door.state / "tls/server.key"),
                                "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "not meant for a client"),
        "for a server": (made["server-only"], "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
                         "not meant for a client"),
        "with a bit turned": (papers.flipped(folder, agent, "turned"),
                              "TLSV1_ALERT_DECRYPT_ERROR", "is signed by another CA"),
        "signed by an agent": (papers.with_chain(folder, of_agent, "chained", agent.certificate),
                               "TLSV1_ALERT_UNKNOWN_CA", "is not accepted: invalid CA"),
        "of a weak key": (made["weak"], "SSLV3_ALERT_BAD_CERTIFICATE", "key too"),
        "in a long chain": (long, "SSLV3_ALERT_ILLEGAL_PARAMETER", "certificates are too long"),
    }


def test_certificates_that_are_refused(door):
    for what, (paper, alert, words) in strangers(door).items():
        host = next(hosts)
        assert visit(door, host, paper) == alert, what
        the_line(door, host, words)


def test_revoked_and_unknown_agents(door, host):
    """The certificate is sound, the registry says no: this is told in the agent's own protocol."""
    gone = door.issue(door.link, "gone")
    with Reporter(door, gone) as live:
        live.hello((1, 7, 1, 1))
        door.pantau("agent", "revoke", gone.agent)
        began = time.monotonic()
        with pytest.raises(Refused) as cut:
            live.receive()
        assert time.monotonic() - began < 5 and cut.value.code == pb.REFUSE_REVOKED
    with pytest.raises(Refused) as again, Reporter(door, gone) as back:
        back.hello((1, 7, 1, 1))
    assert again.value.code == pb.REFUSE_REVOKED
    visit(door, host, papers.issue(door.papers, "nobody", door.ca, "somebody"))
    the_line(door, host, 'the certificate is for "somebody"')


# ---- bytes that no client sends

def hello_with(change):
    hello = bytearray(client_hello())
    change(hello)
    return bytes(hello)


def no_null_compression(hello):
    """Offers DEFLATE alone: TLS 1.3 knows no compression."""
    session = 5 + 4 + 2 + 32
    ciphers = session + 1 + hello[session]
    methods = ciphers + 2 + int.from_bytes(hello[ciphers:ciphers + 2], "big")
    assert bytes(hello[methods:methods + 2]) == b"\x01\x00"
    hello[methods + 1] = 1


def handshake(kind, length, body=b""):
    return b"\x16\x03\x01" + (4 + len(body)).to_bytes(2, "big") + bytes([kind]) + \
        length.to_bytes(3, "big") + body


RAW = {
    "compression": (hello_with(no_null_compression), DECODE_ERROR, "compression"),
    "a huge hello": (handshake(1, 0xffffff), ILLEGAL_PARAMETER, ""),
    "an end before a beginning": (handshake(20, 32, bytes(32)), UNEXPECTED_MESSAGE, ""),
    "data before a beginning": (b"\x17\x03\x03\x00\x20" + bytes(32), UNEXPECTED_MESSAGE, ""),
    "a hello that is none": (handshake(1, 8, bytes(8)), DECODE_ERROR, ""),
    "a record too long": (b"\x16\x03\x01\xff\xff" + bytes(64), None, ""),
    "HTTP": (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", None, "speaks HTTP, not TLS"),
    "SSH": (b"SSH-2.0-OpenSSH_9.2p1\r\n", None, "does not speak TLS"),
    "SSL 2": (bytes.fromhex("802e0100020015000000100100800200800300800400800500800600400700c0") +
              bytes(16), None, ""),
}


@pytest.mark.parametrize("what", RAW)
def test_bytes_that_no_client_sends(door, host, what):
    said, alert, words = RAW[what]
    answer = say(door, host, said)
    assert alert is None or alert_in(answer) == alert, answer
    assert answer[:1] in (b"\x15", b"" if alert is None else b"\x15"), answer
    the_line(door, host, words)


def test_bytes_turned_in_a_session(door, host):
    """Whatever lies between two ends cannot change a byte unheard."""
    agent = paper_of(door.issue(door.link, "turned"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(door.ca.certificate)
    context.load_cert_chain(agent.certificate, agent.key)
    context.set_alpn_protocols(["pantau/1"])
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    engine = context.wrap_bio(into, out, server_hostname="pantau-collector")
    with socket.create_connection((door.address, door.port), 20, source_address=(host, 0)) as plain:
        while True:
            try:
                engine.do_handshake()
                break
            except ssl.SSLWantReadError:
                plain.sendall(out.read())
                into.write(plain.recv(65536))
        plain.sendall(out.read())
        engine.write(b"\x00\x00\x00\x04abcd")
        record = bytearray(out.read())
        record[-1] ^= 1
        plain.sendall(record)
        while plain.recv(65536):
            pass
    the_line(door, host, "decryption failed or bad record mac")


def test_keys_renewed_without_end(door, host):
    """What renegotiation was to TLS 1.2. OpenSSL 3.0 counts it not; before a greeting it is no
    sign of life, and after one it is an agent's, whom the registry can revoke."""
    command = s_client(door, host, "-alpn", "pantau/1", lines=None, paper=paper_of(door.agent))
    with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
        deadline = time.monotonic() + 20
        try:
            while client.poll() is None and time.monotonic() < deadline:
                client.stdin.write(b"K\n")
                client.stdin.flush()
                time.sleep(0.01)  # it looks at the first letter of what one read brings
            assert client.poll() is not None, "it may renew its keys for ever"
        except BrokenPipeError:
            pass
        finally:
            client.kill()
    the_line(door, host, "did not finish its greeting in time")


# ---- slow ones and many

def test_slow_ones_are_let_go(door):
    """Whether nothing comes, half a hello, or its bytes one by one."""
    hello = client_hello()
    for parts in ((), (hello[:100],), [hello[i:i + 1] for i in range(40)]):
        host, began = next(hosts), time.monotonic()
        try:
            assert say(door, host, *parts, wait_s=0.1) == b""
        except BrokenPipeError:
            pass
        assert time.monotonic() - began < HANDSHAKE_S + 5
        the_line(door, host, "did not finish its greeting in time")


def test_a_flood_leaves_few_lines_and_all_are_counted(door):
    """From one address a line a minute, from many a few a second; the status counts them all."""
    before, lines = door.status_of("ingest")["handshakes_failed"], len(door.log("ingest"))
    one, count = next(hosts), 0
    for _ in range(100):
        say(door, one, b"GET / HTTP/1.1\r\n\r\n")
        count += 1
    assert len(lines_about(door, one)) == 1
    began = time.monotonic()
    for _ in range(200):
        say(door, next(hosts), b"GET / HTTP/1.1\r\n\r\n")
        count += 1
    seconds = int(time.monotonic() - began) + 2
    wait_for(lambda: door.status_of("ingest")["handshakes_failed"] == before + count,
             "all are counted", 10)
    told = [line for line in door.log("ingest")[lines:].splitlines() if "speaks HTTP" in line]
    assert len(told) <= 1 + 20 * seconds, len(told)


# ---- its certificates

def text_of(path):
    return openssl("x509", "-in", path, "-noout", "-text")


@pytest.mark.parametrize("what, wanted, unwanted", [
    ("ca/ca.crt", ("CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign"),
     ("Digital Signature", "TLS Web")),
    ("tls/server.crt", ("CA:FALSE", "Digital Signature", "TLS Web Server Authentication",
                        "DNS:pantau-collector"), ("Certificate Sign", "TLS Web Client")),
    ("agent", ("CA:FALSE", "Digital Signature", "TLS Web Client Authentication", "CN = agent-"),
     ("Certificate Sign", "TLS Web Server"))])
def test_certificates(door, what, wanted, unwanted):
    path = door.agent.folder / "agent.crt" if what == "agent" else door.state / what
    text = text_of(path)
    for word in ("Version: 3", "ASN1 OID: prime256v1", "ecdsa-with-SHA256",
                 "Basic Constraints: critical", "Key Usage: critical", *wanted):
        assert word in text, (word, text)
    for word in unwanted:
        assert word not in text, (word, text)
    serial = re.search(r"Serial Number:\s+([0-9a-f:]+)", text).group(1)
    assert len(serial.replace(":", "")) >= 28, "128 random bits"
    openssl("verify", "-x509_strict", "-CAfile", door.ca.certificate, path)


def test_keys_are_read_by_their_owner_alone(door):
    for path in (door.ca.key, door.state / "tls/server.key", door.agent.folder / "agent.key"):
        assert path.stat().st_mode & 0o077 == 0, path
