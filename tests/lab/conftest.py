# SPDX-License-Identifier: Apache-2.0
import pytest

from support.lab import Lab, missing

REASON = missing()


def pytest_collection_modifyitems(items):
    # Tests are dealt out in turn: the long ones first, so that no worker gets two of them.
    items.sort(key=lambda item: "site" not in item.fixturenames)
    if REASON:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=REASON))


@pytest.fixture
def lab(tmp_path):
    made = Lab(tmp_path / "lab")
    yield made
    made.close()
