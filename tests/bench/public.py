# SPDX-License-Identifier: Apache-2.0
"""What the wall and the public cost with a link in each of the country's 83,762 desa: the pages of
GET /api/v1/desa, packed and not, and the open data of a month, before anybody was heard of."""

import csv
import gzip
import http.client
import time

from figures import say
from support.programs import RELEASE
from support.server import Server

COUNTRY, KABUPATEN, KECAMATAN_EACH = 83762, 514, 14
PAGE = 10000
OPEN_MONTH = time.strftime("%Y-%m", time.gmtime(time.time() + 8 * 3600))


def write(path, head, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(head)
        lines.writerows(rows)
    return path


def places():
    """Codes of a country: each kabupaten has as many kecamatan, each of these about twelve desa."""
    districts = [f"{11 + i // 22:02}.{1 + i % 22:02}.{1 + k:02}"
                 for i in range(KABUPATEN) for k in range(KECAMATAN_EACH)]
    return districts, [f"{districts[i % len(districts)]}.{2001 + i // len(districts)}"
                       for i in range(COUNTRY)]


def fill(server):
    folder = server.folder
    districts, desa = places()
    regencies = sorted({code[:5] for code in districts})
    server.pantau(
        "region", "import",
        write(folder / "regencies.csv", ["code", "province_code", "name"],
              [[code, code[:2], f"KABUPATEN UJI {code}"] for code in regencies]),
        write(folder / "districts.csv", ["code", "regency_code", "name"],
              [[code, code[:5], f"Kecamatan {code}"] for code in districts]),
        write(folder / "villages.csv", ["code", "district_code", "name"],
              [[code, code[:8], f"Desa Uji {code}"] for code in desa]))
    server.pantau("link", "import", write(
        folder / "links.csv", ["desa", "provider", "kind", "lat", "lon", "zone"],
        [[code, f"PT Penyedia {i % 40}", "vsat", f"{-i % 9}.1234567", f"{100 + i % 30}.7654321",
          "WITA"] for i, code in enumerate(desa)]))
    server.pantau("contract", "import", write(
        folder / "contracts.csv",
        ["link", "from", "mbps-down", "mbps-up", "fee", "target", "formula"],
        [[i + 1, f"{OPEN_MONTH}-01", 20, 5, 1500000, 99.5, "prorata"] for i in range(COUNTRY)]))


def fetch(server, path, headers):
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.web_port, timeout=300)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, (path, answer.status, body[:300])
    if answer.headers["Content-Encoding"] == "gzip":
        assert headers["Accept-Encoding"] == "gzip" and gzip.decompress(body)
    return len(body), time.monotonic() - began


def cpu(server):
    words = open(f"/proc/{server.parts['web'].pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / 100


def peak_mib(server):
    with open(f"/proc/{server.parts['web'].pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) // 1024


def measure(server, what, paths, headers):
    before = cpu(server)
    sizes, seconds = zip(*(fetch(server, path, headers) for path in paths))
    say(what, f"{sum(sizes) / 1e6:.2f} MB, {sum(seconds):.2f} s, the first {seconds[0]:.2f} s, "
        f"{cpu(server) - before:.2f} s of CPU; peak {peak_mib(server)} MiB")


def bench_public(folder):
    server = Server(folder / "public", build=RELEASE).init()
    try:
        fill(server)
        server.start("ledger", "web")
        token = {"Authorization": f"Bearer {server.token('noc')}"}
        wall = [f"/api/v1/desa?limit={PAGE}&offset={at}" for at in range(0, COUNTRY, PAGE)]
        for coding in ("identity", "gzip", "identity", "gzip"):
            measure(server, f"GET /api/v1/desa, 9 pages, {coding}", wall,
                    {**token, "Accept-Encoding": coding})
        for path in ("/publik", "/publik/11.01.01.2001", f"/open/v1/{OPEN_MONTH}/links.json",
                     f"/open/v1/{OPEN_MONTH}/links.csv", "/open/v1/links.geojson",
                     "/open/v1/data.json", "/publik?q=uji+kabupaten", "/publik/11.01.01.2001"):
            for coding in ("gzip", "identity"):
                measure(server, f"GET {path}, {coding}", [path], {"Accept-Encoding": coding})
    finally:
        server.close()
