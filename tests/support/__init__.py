# SPDX-License-Identifier: Apache-2.0
"""Shared by the tests on real programs: tests/system and tests/lab."""
