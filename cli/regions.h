/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regions as read from the CSV files of the npm package idn-area-data, before they are written:
 *
 *   provinces.csv  code,name                    11,ACEH
 *   regencies.csv  code,province_code,name      11.01,11,KABUPATEN ACEH SELATAN
 *   districts.csv  code,regency_code,name       11.01.01,11.01,Bakongan
 *   villages.csv   code,district_code,name      11.01.01.2001,11.01.01,Keude Bakongan
 *
 * islands.csv (regency_code and coordinate) is recognised and passed over.
 */
#ifndef PANTAU_CLI_REGIONS_H
#define PANTAU_CLI_REGIONS_H

#include "collector/store/registry.h"
#include "common/err.h"

#define REGIONS_ISLANDS 1

struct regions;

struct regions *regions_new(void); /* NULL when out of memory */
void regions_free(struct regions *regions);

/* Reads one file. 0, REGIONS_ISLANDS, or -EINVAL with file, line, field and value. Borrows the path
 * for the errors of regions_check(). */
int regions_read(struct regions *regions, const char *path, struct err *err);
/* Sorts, and finds what is there twice: -EINVAL with both places. */
int regions_check(struct regions *regions, struct err *err);
/* How many lie in a region that is neither in the files nor in the registry, and where the first of
 * them was read, in words. They are no error: a code says by itself what it lies in. */
int regions_orphans(struct regions *regions, struct registry *registry, size_t *ret_count,
	struct err *ret_first, struct err *err);

const struct region *regions_items(const struct regions *regions);
size_t regions_total(const struct regions *regions);
size_t regions_count(const struct regions *regions, enum region_level level);

#endif
