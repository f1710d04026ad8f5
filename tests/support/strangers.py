# SPDX-License-Identifier: Apache-2.0
"""What those say at a collector's door who have no certificate."""

import ssl


def client_hello():
    """The first bytes of a handshake in the right protocol."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["pantau/1"])
    out = ssl.MemoryBIO()
    engine = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="pantau-collector")
    try:
        engine.do_handshake()
    except ssl.SSLWantReadError:
        return out.read()
    raise AssertionError("nobody answered, and it is done")
