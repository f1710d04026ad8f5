# SPDX-License-Identifier: Apache-2.0
"""Resolvers of which some lie: fake_dns.py ADDRESS=MODE... A mode is truth, hijack, servfail,
refused, empty, or a NAT64 prefix: the truth, and IPv4 behind that prefix. They know example.com."""

import ipaddress
import selectors
import socket
import struct
import sys

A, AAAA = 1, 28
RCODES = {"servfail": 2, "refused": 5}
KNOWN = {("example.com", A): ["192.0.2.80"]}


def name_of(packet):
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode())
        at += packet[at] + 1
    return ".".join(labels).lower(), at + 5


def addresses_of(name, kind, mode):
    if name == "ipv4only.arpa":
        v4 = ipaddress.ip_address("192.0.0.170")
        made = [ipaddress.IPv6Address(int(ipaddress.ip_address(mode)) | int(v4))
                ] if ":" in mode else []
        return {A: [v4], AAAA: made}.get(kind, [])
    if (name, kind) in KNOWN:
        return [ipaddress.ip_address(text) for text in KNOWN[name, kind]]
    return [ipaddress.ip_address("203.0.113.66")] if mode == "hijack" and kind == A else None


def answer_to(packet, mode):
    name, end = name_of(packet)
    kind, = struct.unpack("!H", packet[end - 4:end - 2])
    found = None if mode in RCODES else addresses_of(name, kind, mode)
    rcode = RCODES.get(mode, 3 if found is None else 0)
    found = [] if mode == "empty" else found or []
    out = packet[:2] + struct.pack("!HHHHH", 0x8180 | rcode, 1, len(found), 0, 0) + packet[12:end]
    for address in found:
        out += struct.pack("!HHHIH", 0xc00c, kind, 1, 60, len(address.packed)) + address.packed
    return out


def main(words):
    doors = selectors.DefaultSelector()
    for address, mode in (word.split("=") for word in words):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        door = socket.socket(family, socket.SOCK_DGRAM)
        door.bind((address, 53))
        doors.register(door, selectors.EVENT_READ, mode)
    print("ready", flush=True)
    while True:
        for key, _ in doors.select():
            packet, source = key.fileobj.recvfrom(2048)
            key.fileobj.sendto(answer_to(packet, key.data), source)


if __name__ == "__main__":
    main(sys.argv[1:])
