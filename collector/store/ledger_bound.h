/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which links a stretch of a boot's time belongs to, as the writer has anchors and bindings:
 *
 *	stretch   |----------------|            by its boot's anchors
 *	bindings  ...link 3][link 5 ...         of its agent and WAN
 *	parts     |--------||------|
 */
#ifndef PANTAU_STORE_LEDGER_BOUND_H
#define PANTAU_STORE_LEDGER_BOUND_H

#include "collector/store/ledger_page.h"

struct bound { /* whose stretch it is; all borrowed */
	int64_t boot;
	uint32_t agent;
	const char *wan;
	const struct boot_anchors *anchors; /* more than 0 */
	struct mono_span at; /* bound_each() */
};

struct bound_part {
	int64_t link, from_s, to_s;
	bool whole; /* the stretch lies in this binding with all that it has */
};

/* A slot's seconds; empty when it has no whole one. */
struct span bound_place(const struct boot_anchors *anchors, const struct mono_span *at);
/* The parts of bound->at. A negative result ends it and is returned; 1: one binding has all of
 * it. */
int bound_each(struct ledger_writer *writer, const struct bound *bound,
	int (*each)(void *arg, const struct bound_part *part, struct err *err), void *arg,
	struct err *err);
/* Whether a slot has a place and no link there. */
bool bound_is_unbound(
	const struct ledger_writer *writer, const struct bound *bound, const struct mono_span *at);
/* The boot's row says that something lies at bound->at. */
int bound_widen_boot(struct ledger_writer *writer, const struct bound *bound, struct err *err);
/* Counts anew which slots of a page belong to nobody. */
int bound_recount(struct ledger_writer *writer, const struct bound *bound,
	const struct page_ref *ref, struct err *err);

/* The link has slots of which nobody is told but who watches. */
int news_add(struct ledger_writer *writer, int64_t link, struct err *err);

#endif
