/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry of an invented province: regions, links of seven providers, each with terms of its
 * own, agents and what they measure, some exclusions. Made through the registry's own checks.
 */
#ifndef PANTAU_TESTS_BENCH_ENROL_H
#define PANTAU_TESTS_BENCH_ENROL_H

#include "tests/bench/province.h"

/* Where a link is, and by whom. */
void enrol_desa(uint32_t link, char ret_code[REGION_CODE_BYTES]);
unsigned enrol_provider(uint32_t link); /* a number from 1 */
/* Makes STATE/registry.db, which must not have links yet. */
int enrol_province(const char *state, const struct province_plan *plan, struct err *err);

#endif
