/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A desa's seconds out of those of its links: U where any link is U, D where all are D, E where all
 * are excluded, otherwise N. "All" are the links whose P has that second: with a contract, and
 * within its service hours.
 *
 *	link 3   U U D D N E E
 *	link 5   D U D E D E -
 *	desa     U U D N N E E
 */
#ifndef PANTAU_LEDGER_DESA_H
#define PANTAU_LEDGER_DESA_H

#include "collector/ledger/month.h"

struct desa;

struct desa *desa_new(void); /* NULL: out of memory */
void desa_free(struct desa *desa);
/* The next link; its contracts follow. Links in the order of their ids. */
int desa_link(struct desa *desa);
/* A contract's row and states, in order of time. */
int desa_contract(struct desa *desa, const struct states *states, const struct month_row *row);
/* Seconds, causes, outages and the longest one; the rest of the row is left alone. A cause is
 * that of the first link which is in the desa's own state at that second. An outage is a run of D
 * with the N that adjoins; where nothing is counted (E, no service) it goes on unless some link
 * was U there, so that a desa of one link has the outages of its link. */
int desa_count(struct desa *desa, struct month_row *row);

#endif
