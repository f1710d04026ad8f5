/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All routers of an invented province over some months: their records in the order in which a
 * collector gets them. From the same plan always the same, record by record.
 */
#ifndef PANTAU_TESTS_BENCH_PROVINCE_H
#define PANTAU_TESTS_BENCH_PROVINCE_H

#include "tests/bench/router.h"

struct province_plan {
	uint32_t links; /* agent N measures link N, from 1 */
	int64_t from_s, to_s; /* UTC */
	uint64_t seed;
	uint32_t report_s;
	uint32_t only; /* this link alone; 0: all */
};

typedef int (*province_each)(
	void *arg, uint32_t agent, const struct router_told *told, const struct record *record);

/* A return of `each` other than 0 stops it and is returned. -ENOMEM. */
int province_live(const struct province_plan *plan, province_each each, void *arg);

#endif
