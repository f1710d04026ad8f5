/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/desk/zone.h"

#include <stddef.h>
#include <string.h>

/*
 * Keppres 41/1987 (in force since 1988-01-01), province by province; provinces made later keep the
 * zone of the one that they were cut from. Kalimantan is divided: Barat and Tengah are WIB,
 * Selatan, Timur and Utara are WITA.
 */
static const struct {
	const char *zone;
	const char *provinces; /* two digits each */
} zones[] = {
	{"WIB", "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62"},
	{"WITA", "51 52 53 63 64 65 71 72 73 74 75 76"},
	{"WIT", "81 82 91 92 93 94 95 96"},
};

const char *zone_of_region(const char *code)
{
	if (strnlen(code, 2) < 2)
		return NULL;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		for (const char *province = zones[i].provinces;; province += 3) {
			if (!strncmp(province, code, 2))
				return zones[i].zone;
			if (!province[2])
				break;
		}
	}
	return NULL;
}
