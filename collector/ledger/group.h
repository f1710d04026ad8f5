/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups of links (kecamatan, kabupaten, provider): sums of seconds and rupiah, never averages of
 * percentages, with the number of links that met their target, missed it, had too little data, were
 * never heard of.
 */
#ifndef PANTAU_LEDGER_GROUP_H
#define PANTAU_LEDGER_GROUP_H

#include "collector/ledger/month.h"

/* S, E, U, D, N, their causes and outages: what adds up except in a desa, which has its own. */
void group_add_seconds(struct month_row *sum, const struct month_row *row);
/* What adds up in every group. */
void group_add_money(struct month_row *sum, const struct month_row *row);

struct group_links { /* each link once, by its worst row */
	uint32_t met, missed, undecided, never;
};
/* Missed is worse than undecided, that than met, that than not judged. */
enum verdict group_worse(enum verdict a, enum verdict b);
/* A link that has a row: its worst verdict, and whether it was ever heard of. One that could not be
 * judged at all counts nowhere. */
void group_count_link(struct group_links *links, enum verdict worst, bool heard);

#endif
