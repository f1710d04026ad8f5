#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Counts what passes an interface of this network namespace, by kind, until it is told to stop.

    sniff.py COLLECTOR_PORT INTERNET_TARGET,... INTERFACE...

Prints {kind: [packets, bytes]} as JSON at SIGTERM; bytes begin at the IP header."""

import json
import selectors
import signal
import socket
import sys

ALL, IPV4, ICMP, TCP, UDP = 0x0003, 0x0800, 1, 6, 17  # outgoing packets are shown to ALL alone
STAMP, DNS = 862, 53


class Stopped(Exception):
    pass


def kind_of_tcp(packet, header, port):
    ports = [int.from_bytes(packet[header + at:header + at + 2], "big") for at in (0, 2)]
    if port not in ports:
        return "follow-ups by TCP"
    flags, offset = packet[header + 13], (packet[header + 12] >> 4) * 4
    payload = int.from_bytes(packet[2:4], "big") - header - offset
    if flags & 7:  # FIN, SYN, RST
        return "session: begin and end"
    if payload == 0:
        return "session: TCP's own ACKs"
    return "session: to the collector" if ports[1] == port else "session: from the collector"


def kind_of(packet, port, internet):
    header, protocol = (packet[0] & 15) * 4, packet[9]
    peers = {socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])}
    if protocol == ICMP:
        return "rounds" if peers & internet else "near targets"
    if protocol == TCP:
        return kind_of_tcp(packet, header, port)
    if protocol == UDP:
        ports = {int.from_bytes(packet[header + at:header + at + 2], "big") for at in (0, 2)}
        return "stamp" if STAMP in ports else "dns" if DNS in ports else "other UDP"
    return "other"


def stop(signum, frame):
    raise Stopped


def main():
    port, internet = int(sys.argv[1]), set(sys.argv[2].split(","))
    selector, counts = selectors.DefaultSelector(), {}
    for interface in sys.argv[3:]:
        opened = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL))
        opened.bind((interface, ALL))
        selector.register(opened, selectors.EVENT_READ)
    signal.signal(signal.SIGTERM, stop)
    print("ready", flush=True)
    try:
        while True:
            for key, _ in selector.select():
                packet, address = key.fileobj.recvfrom(65536)
                if address[1] != IPV4:
                    continue
                count = counts.setdefault(kind_of(packet, port, internet), [0, 0])
                count[0] += 1
                count[1] += int.from_bytes(packet[2:4], "big")
    except Stopped:
        print(json.dumps(counts), flush=True)


if __name__ == "__main__":
    main()
