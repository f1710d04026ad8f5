#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How much of each parser its corpus reaches, in regions and lines of its own files:

    tests/fuzz/coverage.py [--missed] [--build BUILD] [--corpus FOLDER] [NAME...]

BUILD (build-coverage) is made by clang when it is not there. --missed prints what was not
reached. --corpus: besides, FOLDER/NAME.corpus, as `./test --long` leaves them in its results."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = ["-fprofile-instr-generate", "-fcoverage-mapping"]
# What a fuzzer is there for.
PARSERS = {
    "afar": "proto/afar.c proto/public.c agent/settings/settings_afar.c",
    "alarm": "collector/alert/alarm_file_read.c",
    "answer": "collector/alert/telegram_answer.c collector/export/counters.c web/status.c",
    "backup": "collector/backup/manifest.c collector/backup/sealed_head.c",
    "block": "agent/core/squeeze.c agent/spool/spool_block.c",
    "closed": "collector/closing/document_parse.c collector/closing/contract_text.c "
              "collector/closing/verify.c collector/closing/verify_rows.c",
    "codec": "proto/codec_message_decode.c proto/codec_record.c proto/codec_slot.c "
             "proto/codec_quick.c proto/codec_arena.c proto/codec_check.c proto/receiver.c "
             "proto/sender.c proto/marks.c proto/journal_record.c",
    "conf": "common/conf.c common/conf_value.c",
    "csv": "cli/csv.c",
    "dns": "agent/core/dns_packet.c",
    "edit": "agent/settings/settings_edit.c",
    "enrol": "proto/enrol.c proto/renew.c collector/signer/question.c",
    "evidence": "collector/archive/archive_check.c collector/archive/archive_reader.c "
                "collector/archive/part.c collector/archive/row_text.c",
    "frame": "proto/frame.c",
    "http": "web/server_exchange.c web/server_headers.c",
    "icmp": "agent/probes/icmp_socket.c",
    "import": "cli/regions.c cli/links.c cli/cuts.c cli/contract_import.c cli/contract_entry.c "
              "cli/term_sets.c cli/term_options.c",
    "kept": "agent/settings/remote_files.c agent/uplink/kept_addresses.c agent/core/budget.c "
            "agent/run_counter.c agent/trusted_time.c agent/net/resolvers.c "
            "agent/technician/status.c agent/spool/spool_format.c",
    "keys": "common/crypto_sign.c collector/closing/keys.c collector/export/secret.c "
            "collector/reflector/master.c",
    "line": "collector/export/line.c",
    "observation": "agent/core/observation.c agent/core/devices.c",
    "page": "collector/store/page_pack.c collector/store/page_probes.c "
            "collector/store/page_beside.c collector/store/columns.c",
    "request": "common/crypto_request.c collector/signer/pem.c collector/signer/point.c",
    "roster": "collector/ingest/roster.c collector/followers.c",
    "sample": "agent/errands/sample_text.c",
    "seglog": "common/seglog_scan.c common/seglog_reader.c common/seglog_tail.c",
    "stamp": "proto/stamp_packet.c collector/reflector/reflect.c",
    "stored": "collector/ledger/figures.c collector/ledger/strip.c collector/ledger/hist.c "
              "collector/store/hot.c collector/ingest/progress.c",
    "web": "web/body.c web/members.c web/params.c web/account/secret.c web/account/proxy.c "
           "web/account/own_events.c",
    "words": "common/civil.c cli/number.c collector/ledger/service.c collector/desk/item.c "
             "common/endpoint.c common/digits.c common/http_url.c common/plain_text.c",
}


def build(folder, names):
    if not (folder / "build.ninja").exists():
        subprocess.run(["meson", "setup", "-Dtests=true", "-Dbuildtype=debugoptimized",
                        f"-Dc_args={FLAGS}", f"-Dc_link_args={FLAGS[:1]}",
                        str(folder), str(ROOT)], check=True, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, CC=os.environ.get("CC", "clang")))
    subprocess.run(["ninja", "-C", str(folder), "-j2",
                    *(f"tests/fuzz/replay_{name}" for name in names)], check=True,
                   stdout=subprocess.DEVNULL)


def replay(program, folders, place):
    raw, profile = Path(place) / "raw", Path(place) / "profile"
    subprocess.run([str(program), *map(str, folders)], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, LLVM_PROFILE_FILE=str(raw)))
    subprocess.run(["llvm-profdata", "merge", "-o", str(profile), str(raw)], check=True)
    return profile


def report(program, profile, files, missed):
    """(regions reached, of, lines reached, of) of these files."""
    wanted = {str(ROOT / name): name for name in files}
    arguments = [str(program), f"-instr-profile={profile}"]
    build_folder = program.parent.parent.parent  # the names of sources are relative to it
    out = subprocess.run(["llvm-cov", "export", *arguments], check=True, capture_output=True,
                         cwd=build_folder)
    data, counts, never = json.loads(out.stdout)["data"][0], {}, {}
    for one in data["files"]:
        name = wanted.get(os.path.realpath(build_folder / one["filename"]))
        if name:  # what it includes comes along
            counts[name] = tuple(one["summary"][what][number] for what in ("regions", "lines")
                                 for number in ("covered", "count"))
    assert len(counts) == len(files), f"{program.name}: not all of {' '.join(files)} are in it"
    for one in data["functions"]:
        name = wanted.get(os.path.realpath(build_folder / one["filenames"][0]))
        if name and not one["count"]:
            never.setdefault(name, []).append(one["name"].rpartition(":")[2])
    if missed:
        show_missed(arguments, build_folder, wanted, never)
    return counts


def show_missed(arguments, build_folder, wanted, never):
    """Functions that were never called, and lines of others that were not reached."""
    out = subprocess.run(["llvm-cov", "show", *arguments], check=True, capture_output=True,
                         text=True, errors="replace", cwd=build_folder).stdout
    name, inside = None, None
    for line in out.splitlines():
        if line.endswith((".c:", ".h:")):
            name = wanted.get(os.path.realpath(build_folder / line[:-1]))
            if name:
                print(f"    {name}: never {' '.join(sorted(never.get(name, []))) or '-'}")
            continue
        number, _, rest = line.partition("|")
        count, _, code = rest.partition("|")
        if code[:1].isalpha() and "(" in code:
            inside = code
        if name and count.strip() == "0" and not any(
                f"{one}(" in (inside or "") for one in never.get(name, [])):
            print(f"    {number.strip():>5} {code.rstrip()}")


def share(reached, count):
    return f"{100 * reached / count:5.1f} %" if count else "      -"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--build", type=Path, default=ROOT / "build-coverage")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    names = arguments.names or sorted(PARSERS)
    build(arguments.build, names)
    print(f"{'parser':<12} {'file':<42} {'regions':>8} {'lines':>8}")
    total = [0, 0, 0, 0]
    for name in names:
        program = arguments.build / "tests/fuzz" / f"replay_{name}"
        folders = [ROOT / "tests/fuzz/corpus" / name]
        more = arguments.corpus / f"{name}.corpus" if arguments.corpus else None
        folders += [more] if more and more.is_dir() and any(more.iterdir()) else []
        with tempfile.TemporaryDirectory() as place:
            profile = replay(program, folders, place)
            counts = report(program, profile, PARSERS[name].split(), arguments.missed)
        for file, numbers in counts.items():
            print(f"{name:<12} {file:<42} {share(*numbers[:2]):>8} {share(*numbers[2:]):>8}")
            total = [a + b for a, b in zip(total, numbers)]
    print(f"{'all':<12} {'':<42} {share(*total[:2]):>8} {share(*total[2:]):>8}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
