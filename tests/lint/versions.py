#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""meson.build says which version this is; every other place that must name it agrees, and
CHANGELOG.md has the shape of Keep a Changelog, its newest release being this one."""

import re
import sys

import tree

SOURCE = "meson.build"
NUMBER = r"(?:0|[1-9]\d*)"
VERSION = rf"{NUMBER}\.{NUMBER}\.{NUMBER}"  # semantic, without marks of what is before a release
# What a build outside of meson reads: (file, what stands before the version)
PLACES = (
    ("deploy/openwrt/pantau-agent/Makefile", r"^PKG_VERSION:="),
    ("deploy/openwrt/luci-app-pantau/Makefile", r"^PKG_VERSION:="),
    ("deploy/debian/debian/changelog", r"\Apantau-desa \("),
)
CHANGELOG = "CHANGELOG.md"
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def version_of(root):
    found = re.search(rf"^  version: '({VERSION})',$", tree.text_of(root, SOURCE) or "", re.M)
    return found.group(1) if found else None


def check_places(root, version):
    for path, before in PLACES:
        found = re.search(before + r"([^\s)]+)", tree.text_of(root, path) or "", re.M)
        if not found or found.group(1) != version:
            yield f"{path}: says {found.group(1) if found else 'no version'}, {SOURCE} {version}"


def check_changelog(text, version):
    heads = re.findall(r"^## (.+)$", text, re.M)
    if heads[:1] != ["[Unreleased]"]:
        yield f"{CHANGELOG}: its first part is not [Unreleased]"
    released = []
    for head in heads[1:]:
        found = re.fullmatch(rf"\[({VERSION})\] - (\d{{4}}-\d\d-\d\d)", head)
        if found:
            released.append((tuple(map(int, found.group(1).split("."))), found.group(2)))
        else:
            yield f"{CHANGELOG}: {head!r} is no [version] - date"
    if released != sorted(released, reverse=True) or len(set(released)) != len(released):
        yield f"{CHANGELOG}: releases are not in order, the newest first"
    if not released or released[0][0] != tuple(map(int, version.split("."))):
        yield f"{CHANGELOG}: its newest release is not {version}"
    for kind in re.findall(r"^### (.+)$", text, re.M):
        if kind not in KINDS:
            yield f"{CHANGELOG}: {kind!r} is none of {', '.join(KINDS)}"


def check(root):
    version = version_of(root)
    if not version:
        return [f"{SOURCE}: no version of three numbers"], []
    return [*check_places(root, version),
            *check_changelog(tree.text_of(root, CHANGELOG) or "", version)], []


if __name__ == "__main__":
    sys.exit(tree.main(check))
