/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch of lines to a store, whatever it says to them: so many lines a request; what is refused
 * or too much is halved until it is known which lines it is, in their order, so that of two lines
 * for one point the later one wins. The lines that stay are counted, named and kept aside. Sending
 * a good line again does no harm.
 *
 *	delivery_begin -> delivery_turn ... -> delivery_end
 */
#ifndef PANTAU_EXPORT_DELIVERY_H
#define PANTAU_EXPORT_DELIVERY_H

#include "collector/export/aside.h"
#include "collector/export/influx.h"

struct delivery_counts {
	uint64_t points, refused;
	uint64_t partial; /* answers that said: partly taken */
};

struct delivery;

/* Borrows both. `lines`: at most so many a request. NULL: out of memory. */
struct delivery *delivery_new(struct influx *influx, struct aside *aside, unsigned lines);
void delivery_free(struct delivery *delivery);

/* Borrows the lines until delivery_end(). */
void delivery_begin(struct delivery *delivery, const char *lines, size_t length);
/* Moves it on without waiting. */
void delivery_turn(struct delivery *delivery);
bool delivery_runs(const struct delivery *delivery);
/* Waits for its end. -EAGAIN with words: not now, and nothing of it counts; also when the store
 * refuses line after line and takes none: then it is the store that must be looked at. */
int delivery_end(struct delivery *delivery, struct err *err);

struct delivery_counts delivery_counts(const struct delivery *delivery);

#endif
