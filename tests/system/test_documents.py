# SPDX-License-Identifier: Apache-2.0
"""Every command of every document is run as it stands there, a page at a time in the order of the
page, on a machine of its own; or support/documented.py says why not, and which test runs it. Every
link between documents leads somewhere."""

import os
import re
import shlex
import subprocess
from functools import cache

import pytest

from support import documented, written
from support.documented import ELSEWHERE, PAGES, Page
from support.machine import Machine
from support.programs import LONG, PLACES, RELEASE, ROOT, SANITIZER_REPORT, program

VILLAGES = 841 if LONG else 84  # of the guide; 841 labels are five seconds
ALL_PAGES = written.pages()
COMMANDS = {page: written.commands(page) for page in ALL_PAGES}
RUN = [page for page in ALL_PAGES
       if any(not documented.named_elsewhere(one.text) for one in COMMANDS[page])]
EVERY = [one for page in ALL_PAGES for one in COMMANDS[page]]


@pytest.fixture(scope="module", name="world")
def fixture_world(tmp_path_factory):
    @cache
    def made():
        return documented.make_world(tmp_path_factory.mktemp("world"))
    return made


def to_run(page, rules):
    seen = set()
    for command in COMMANDS[page]:
        again = command.text in seen and command.text.startswith(rules.once)
        if not again and not documented.named_elsewhere(command.text):
            seen.add(command.text)
            yield command


def machine_for(page, rules, folder, world):
    machine = Machine(folder / "machine", None if rules.bare else world())
    if page == "docs/OPERATIONS.md":
        for name, text in documented.files_of_the_guide(VILLAGES).items():
            (machine.work / name).write_text(text)
    if rules.running and not rules.bare:
        started = machine.run("systemctl start pantau-collector.target pantau-web.service")
        assert started.returncode == 0, started.stdout + started.stderr
    return machine


def type_in(machine, command, rules, used):
    """Runs it, after what comes before it, in this page's words."""
    for begins, first in rules.before.items():
        if command.text.startswith(begins) and begins not in used:
            used.add(begins)
            done = machine.run(first)
            assert done.returncode == 0, f"before {command.where()}\n{done.stdout}{done.stderr}"
    text = command.text
    for there, here in rules.words.items():
        if there in text:
            used.add(there)
            text = text.replace(there, here)
    done = machine.run(text)
    printed = done.stdout + done.stderr
    assert done.returncode == 0, (
        f"{command.where()}\nexit {done.returncode}\n{printed[-3000:]}")
    assert not SANITIZER_REPORT.search(printed), f"{command.where()}\n{printed[-3000:]}"
    missing = written.first_unprinted(command.shown, done.stdout)
    assert missing is None, f"{command.where()}: does not print {missing!r} but\n{done.stdout}"


@pytest.mark.skipif(os.geteuid() != 0, reason="a machine's mounts and network are root's to make")
@pytest.mark.parametrize("page", RUN)
def test_commands_do_what_the_page_says(page, world, tmp_path):
    rules, used = PAGES.get(page, Page()), set()
    machine = machine_for(page, rules, tmp_path, world)
    try:
        for command in to_run(page, rules):
            type_in(machine, command, rules, used)
        logs = machine.run("cat /var/log/pantau-*.log 2>/dev/null; true").stdout
        assert not SANITIZER_REPORT.search(logs), logs[-3000:]
    finally:
        machine.close()
    assert used == {*rules.before, *rules.words}, "what no command of the page needs any more"


# ---- what is not run here


def test_each_page_with_rules_has_commands_to_run():
    assert not PAGES.keys() - set(RUN)


@pytest.mark.parametrize("begins", ELSEWHERE)
def test_what_is_run_elsewhere_is(begins):
    assert any(documented.named_elsewhere(one.text) == begins for one in EVERY), (
        "no document has it any more")
    path, function = ELSEWHERE[begins].test.split("::")
    assert re.search(rf"^def {function}\(", (ROOT / path).read_text(), re.M)


def is_ours(words):
    return (words[0] in PLACES or
            words[0].startswith(("./", "deploy/")) and (ROOT / words[0]).exists() or
            words[0] == "python3" and words[1].endswith(".py"))


@cache
def help_of(words):
    """What the program, one of ours, says of itself."""
    if words[0] in PLACES:
        command = [program(words[0], RELEASE), *words[1:], "--help"]
    elif words[0] == "python3":
        command = ["/usr/bin/python3", ROOT / words[1], "--help"]
    else:
        return (ROOT / words[0]).read_text()
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    return done.stdout + done.stderr


def verbs_of(words):
    if words[0] == "python3":
        return 2
    if words[0] != "pantau":
        return 1
    return min(next(n for n, word in enumerate(words) if word.startswith("-")), 3)


def options_of(command):
    """What can be compared: options of our programs, and of our builds."""
    words = shlex.split(command.text, comments=True)
    begins = "--" if is_ours(words) else "-D"
    named = [word.split("=")[0] for word in words if re.match(begins + r"\w", word)]
    return [name.removeprefix("-D") for name in named]


WITH_OPTIONS = [one for one in EVERY if documented.named_elsewhere(one.text) and options_of(one)]


@pytest.mark.parametrize("command", WITH_OPTIONS, ids=lambda one: f"{one.page}:{one.line}")
def test_options_of_what_is_run_elsewhere_are_there(command):
    words = shlex.split(command.text, comments=True)
    if is_ours(words):
        said = help_of(tuple(words[:verbs_of(words)]))
        unknown = [name for name in options_of(command) if not tells(said, name)]
    else:
        said = (ROOT / "meson_options.txt").read_text() + "'buildtype' 'b_sanitize' 'b_lundef'"
        unknown = [name for name in options_of(command) if f"'{name}'" not in said]
    assert not unknown, f"{command.where()}: no option {unknown}"


def test_many_commands_have_options_to_compare():
    """Else the reader of commands has lost them."""
    assert len({one.page for one in WITH_OPTIONS}) >= 8


def tells(said, option):
    """Not as a part of a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", said) is not None


def test_an_option_is_no_part_of_another_one():
    assert tells("  --all=LIST  all of them", "--all") and tells("[--all]", "--all")
    assert not tells("  --all-links", "--all") and not tells("---all", "--all")


# ---- the reader of documents itself


def read(*lines):
    return written.commands_of(written.blocks_of("x.md", "\n".join(lines))[0])


def test_a_block_is_read_command_by_command():
    one, two, three = read("```sh", "pantau init --name a \\", "   --no-admin    # once",
                           "for x in 1 2; do", "\techo $x  # each", "done", "pantau status", "```")
    assert (one.text, one.line) == ("pantau init --name a \\\n   --no-admin", 2)
    assert two.text == "for x in 1 2; do\n\techo $x\ndone" and three.text == "pantau status"
    with pytest.raises(AssertionError, match="does not end"):
        read("```sh", "for x in 1 2; do", "```")


def test_what_is_shown_must_be_printed():
    one, = read("```console", "$ pantau status", "Part  State", "disk  ok  81231 MiB ... free",
                "```")
    assert one.text == "pantau status" and len(one.shown) == 2
    printed = "Part      State\nclock ok\ndisk      ok     7 MiB of 9 free\n"
    assert written.first_unprinted(one.shown, printed) is None
    failed = printed.replace("ok     7", "fail   7")
    assert written.first_unprinted(one.shown, failed) == one.shown[1]
    assert written.first_unprinted(one.shown[::-1], printed) == one.shown[0]


def test_a_link_is_read_with_its_place():
    assert written.links("[a](B.md#c-d) [e](https://x) [f](#g)") == [("B.md", "c-d"), ("", "g")]
    assert written.anchors("# `A`: b, c\n```sh\n# no\n```") == {"a-b-c"}


# ---- form and links


@pytest.mark.parametrize("page", ALL_PAGES)
def test_each_block_says_what_it_is(page):
    text = (ROOT / page).read_text()
    blocks = written.blocks_of(page, text)
    for block in blocks:
        assert block.language in written.LANGUAGES, f"{page}:{block.line}: {block.language!r}"
    outside = written.without_blocks(text)
    indented = re.search(r"(?:^|\n)\n {4}(?![\s*-])\S.*", outside)
    assert not indented, f"{page}: a block without fences: {indented[0]}"


@pytest.mark.parametrize("page", ALL_PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text()
    for path, anchor in written.links(text):
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page}: {path}"
        if anchor:
            assert anchor in written.anchors(target.read_text()), f"{page}: {path}#{anchor}"


def test_the_readme_names_each_document():
    named = {path for path, _ in written.links((ROOT / "README.md").read_text())}
    missing = {str(page) for page in ALL_PAGES} - named - {"README.md"}
    beside = {page for page in missing if not page.startswith("docs/")}
    assert missing <= beside, missing - beside
