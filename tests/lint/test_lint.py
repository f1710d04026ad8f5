#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each lint finds the fault it is there for, in a small tree made for the purpose."""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import complexity
import format as format_lint
import includes
import openapi
import scripts
import sizes
import units
import versions
import words

HEAD = "/* SPDX-License-Identifier: Apache-2.0 */\n"
TOP = Path(sys.argv.pop(1)) if len(sys.argv) > 1 else Path(".")


class LintTest(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)

    def put(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def finds(self, check, words_of_fault):
        faults, _ = check(self.root)
        self.assertTrue(any(words_of_fault in fault for fault in faults), faults)

    def finds_nothing(self, check):
        self.assertEqual(check(self.root)[0], [])

    def test_agent_that_includes_the_server(self):
        self.put("collector/store/a.h", HEAD)
        self.put("agent/b.c", '#include "collector/store/a.h"\n')
        self.finds(includes.check, "agent may not include collector/store/a.h")

    def test_lower_room_that_includes_a_higher_one(self):
        self.put("proto/a.h", HEAD)
        self.put("common/b.c", '#include "proto/a.h"\n')
        self.finds(includes.check, "common may not include")

    def test_headers_in_a_circle(self):
        self.put("common/a.h", '#include "common/b.h"\n')
        self.put("common/b.h", '#include "common/a.h"\n')
        self.finds(includes.check, "includes itself")

    def test_sqlite_outside_the_store(self):
        self.put("cli/a.c", "#include <sqlite3.h>\n")
        self.finds(includes.check, "<sqlite3.h> belongs in collector/store/")

    def test_event_loop_in_a_pure_room(self):
        self.put("collector/ledger/a.c", "#include <uv.h>\n")
        self.finds(includes.check, "pure room")

    def test_file_in_no_room(self):
        self.put("stray/a.c", HEAD)
        self.finds(includes.check, "lies in no room")

    def test_sound_tree(self):
        self.put("common/a.h", HEAD)
        self.put("collector/store/b.c", HEAD + '#include <sqlite3.h>\n#include "common/a.h"\n')
        self.finds_nothing(includes.check)

    def test_long_function(self):
        self.put("a.c", HEAD + "int f(void)\n{\n" + "\tf();\n" * 58 + "}\n")
        self.finds(sizes.check, "a.c:2: a function of 61 lines")

    def test_function_at_the_limit(self):
        self.put("a.c", HEAD + "int f(void)\n{\n" + "\tf();\n" * 57 + "}\n")
        self.finds_nothing(sizes.check)

    def test_too_many_ways_through_a_function(self):
        ways = "\tif (a && b)\n\t\tf();\n" * (complexity.COMPLEXITY // 2)
        self.put("a.c", HEAD + "int f(int a, int b)\n{\n" + ways + "}\n")
        self.finds(complexity.check, f"a.c:2: f(): complexity {complexity.COMPLEXITY + 1}")

    def test_a_flat_table_is_one_decision(self):
        cases = "".join(f"\tcase {case}:\n\t\treturn {case};\n" for case in range(40))
        self.put("a.c", HEAD + "int f(int a)\n{\n\tswitch (a) {\n" + cases + "\t}\n}\n")
        self.finds_nothing(complexity.check)

    def test_a_function_that_cannot_be_counted(self):
        self.put("a.c", HEAD + "#if 0\nint f(int a)\n{\n\treturn a;\n}\n#endif\n")
        self.finds(complexity.check, "1 functions, of which 0 could be counted")

    def test_six_parameters(self):
        self.put("a.c", HEAD + "int f(int a, int b, int c,\n\tint d, int e, int f)\n{\n}\n")
        self.finds(sizes.check, "more than 5 parameters")

    def test_callback_counts_as_one_parameter(self):
        self.put("a.c", HEAD + "int f(int a, int (*g)(int, int, int, int, int), int c)\n{\n}\n")
        self.finds_nothing(sizes.check)

    def test_long_file_wide_line_and_no_licence(self):
        self.put("a.c", "\n" * 401)
        self.finds(sizes.check, "401 lines")
        self.finds(sizes.check, "lacks the line")
        self.put("b.c", HEAD + "\t" + "x" * 93 + "\n")
        self.finds(sizes.check, "b.c:2: wider")

    def test_registry_host_and_home_folder(self):
        self.put("a.md", "from https://" + "registry.example.org/x\n")
        self.finds(words.check, "registry")
        self.put("b.md", "in /" + "home/somebody\n")
        self.finds(words.check, "developer")

    def test_format(self):
        shutil.copy(TOP / ".clang-format", self.root)
        self.put("a.c", HEAD + "int f( void ) { return 0; }\n")
        self.finds(format_lint.check, "a.c:2: clang-format -i would change it")

    def test_shell_script(self):
        self.put("a", "#!/usr/bin/env bash\nrm $1/x\n")
        self.finds(scripts.check, "SC2086")

    def test_unit_with_a_wrong_word(self):
        for name in ("pantau.sysusers", "pantau.tmpfiles"):
            self.put(f"systemd/{name}", (TOP / "systemd" / name).read_text())
        self.put("systemd/pantau-x.service", "[Service]\nExecStart=/bin/true\nProtectHom=yes\n")
        self.finds(units.check, "ProtectHom")
        self.finds(units.check, "exposed to")

    def test_unit_that_weakens_without_a_reason(self):
        for name in ("pantau.sysusers", "pantau.tmpfiles", "pantau-web.service"):
            self.put(f"systemd/{name}", (TOP / "systemd" / name).read_text())
        for line in ("ReadWritePaths=/", "PrivateTmp=no", "SystemCallFilter=ptrace", "UMask=0000"):
            self.put("systemd/pantau-web.service", (TOP / "systemd/pantau-web.service").read_text()
                     .replace("\n\n[Install]", f"\n{line}\n\n[Install]"))
            self.finds(units.check, f"{line}: no comment above says why")

    def put_api(self, route, operation):
        """A tree whose only route is described by this operation alone."""
        for path in ("web/openapi/merge.py", openapi.ROLES):
            self.put(path, (TOP / path).read_text())
        self.put(openapi.ROUTES, "routes[] = {\n\t" + route + ",\n};\n#define ROUTE_COUNT 1\n")
        self.put("web/openapi/common.json", json.dumps({"components": {"schemas": {"Error": {}}}}))
        self.put("web/openapi/a.json", json.dumps({"paths": {"/a/{id}": {"get": operation}}}))

    operation = {"operationId": "api_a", "x-roles": ["admin"], "responses": {},
                 "parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}}]}
    route = '{READ, "/a/{}", ROLES_ADMIN, api_a}'

    def test_route_that_is_described(self):
        self.put_api(self.route, self.operation)
        self.finds_nothing(openapi.check)

    def test_route_that_is_not_described(self):
        self.put_api(self.route + ',\n\t{POST, "/b", ROLES_ADMIN, api_b}', self.operation)
        self.finds(openapi.check, "post /b is not described")

    def test_description_of_nothing(self):
        self.put_api('{READ, "/c", ROLES_ADMIN, api_a}', self.operation)
        self.finds(openapi.check, "get /a/{} is served nowhere")

    def test_other_roles_are_described(self):
        self.put_api(self.route.replace("ADMIN", "STAFF"), self.operation)
        self.finds(openapi.check, "roles")

    def test_schema_that_is_none(self):
        bad = [{"name": "id", "in": "path", "schema": {"type": "text"}}]
        self.put_api(self.route, {**self.operation, "parameters": bad})
        self.finds(openapi.check, "'text' is not valid")

    def test_object_with_any_members(self):
        content = {"content": {"application/json": {
            "schema": {"type": "object", "properties": {"a": {}}}}}}
        self.put_api(self.route, {**self.operation, "responses": {"200": content}})
        self.finds(openapi.check, "additionalProperties is not false")


class Versions(LintTest):
    log = "# Changelog\n## [Unreleased]\n### Added\n## [1.2.0] - 2026-11-23\n### Fixed\n"

    def put_versions(self, openwrt="1.2.0", log=log):
        self.put("meson.build", "project('x', 'c',\n  version: '1.2.0',\n")
        for name, version in (("pantau-agent", openwrt), ("luci-app-pantau", "1.2.0")):
            self.put(f"deploy/openwrt/{name}/Makefile", f"A:=1\nPKG_VERSION:={version}\n")
        self.put("deploy/debian/debian/changelog", "pantau-desa (1.2.0) unstable; urgency=low\n")
        self.put("CHANGELOG.md", log)

    def test_one_version_everywhere(self):
        self.put_versions()
        self.finds_nothing(versions.check)

    def test_another_version_somewhere(self):
        self.put_versions(openwrt="1.1.0")
        self.finds(versions.check, "pantau-agent/Makefile: says 1.1.0, meson.build 1.2.0")

    def test_release_without_a_changelog(self):
        self.put_versions(log=self.log.replace("1.2.0", "1.1.0"))
        self.finds(versions.check, "newest release is not 1.2.0")

    def test_changelog_of_no_order(self):
        self.put_versions(log=self.log + "## [1.3.0] - 2026-11-22\n")
        self.finds(versions.check, "not in order")

    def test_changelog_of_another_shape(self):
        self.put_versions(log=self.log.replace("Fixed", "Found and fixed"))
        self.finds(versions.check, "'Found and fixed' is none of")


if __name__ == "__main__":
    assert subprocess.run(["clang-format", "--version"], capture_output=True).returncode == 0
    unittest.main(verbosity=0)
