# SPDX-License-Identifier: Apache-2.0
"""Certificates that no collector should take, and some that it should: made with openssl(1) and the
wall clock of faketime(1), from the collector's own CA or from another one."""

import base64
import subprocess

NOW = None
YEAR_2021, YEAR_2090 = "2021-03-01 00:00:00", "2090-03-01 00:00:00"
CLIENT = ("basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
          "extendedKeyUsage=clientAuth")
SERVER = (*CLIENT[:2], "extendedKeyUsage=serverAuth", "subjectAltName=DNS:pantau-collector")


def openssl(*words, at=NOW):
    command = ["faketime", at] if at else []
    return subprocess.run([*command, "openssl", *map(str, words)], check=True, text=True,
                          capture_output=True, timeout=30).stdout


class Paper:
    """A certificate and its key, as files."""

    def __init__(self, certificate, key):
        self.certificate, self.key = certificate, key


def make_key(path, *kind):
    kind = kind or ("EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    openssl("genpkey", "-algorithm", *kind, "-out", path)
    return path


def self_signed(folder, name, subject, *extensions):
    """Signed by itself: a CA of nobody's, or a stranger."""
    key = make_key(folder / f"{name}.key")
    words = [word for extension in extensions for word in ("-addext", extension)]
    openssl("req", "-x509", "-new", "-key", key, "-subj", f"/CN={subject}", "-days", 30, "-out",
            folder / f"{name}.crt", "-config", config(folder), *words)
    return Paper(folder / f"{name}.crt", key)


def config(folder):
    """Nothing that openssl.cnf would add by itself."""
    path = folder / "bare.cnf"
    path.write_text("[req]\ndistinguished_name = dn\n[dn]\n")
    return path


def issue(folder, name, ca, subject, extensions=CLIENT, at=NOW, key=None):
    """Signed by `ca`, valid for a month from `at`."""
    key = key or make_key(folder / f"{name}.key")
    request, wanted = folder / f"{name}.csr", folder / f"{name}.ext"
    wanted.write_text("\n".join(extensions) + "\n")
    openssl("req", "-new", "-key", key, "-subj", f"/CN={subject}", "-out", request,
            "-config", config(folder))
    openssl("x509", "-req", "-in", request, "-CA", ca.certificate, "-CAkey", ca.key, "-days", 30,
            "-extfile", wanted, "-out", folder / f"{name}.crt", at=at)
    return Paper(folder / f"{name}.crt", key)


def der_of(path):
    text = path.read_text().split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
    return base64.b64decode(text)


def write_pem(path, *ders):
    path.write_text("".join(
        "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der).decode() +
        "-----END CERTIFICATE-----\n" for der in ders))
    return path


def flipped(folder, paper, name, at=-10):
    """The same with one bit of its signature turned."""
    der = bytearray(der_of(paper.certificate))
    der[at] ^= 1
    return Paper(write_pem(folder / f"{name}.crt", bytes(der)), paper.key)


def with_chain(folder, paper, name, *others):
    ders = [der_of(path) for path in (paper.certificate, *others)]
    return Paper(write_pem(folder / f"{name}.crt", *ders), paper.key)
