/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A provider's word against an outage (or against any other second of its link), with a document.
 * It is shown beside the outage until an officer answers it; it changes no figure by itself.
 */
#ifndef PANTAU_STORE_REGISTRY_OBJECTION_H
#define PANTAU_STORE_REGISTRY_OBJECTION_H

#include "collector/store/registry.h"

struct registry_objection {
	int64_t id, link;
	int64_t at_s; /* a second of what is objected to */
	char provider[REGISTRY_NAME_BYTES]; /* whose link it is */
	char by[REGISTRY_NAME_BYTES], note[REGISTRY_NOTE_BYTES];
	char document[REGISTRY_HEX_BYTES]; /* SHA-256; "" none */
	int64_t entered_s; /* this and all below: not read by add */
	int64_t answered_s; /* 0: it waits for an answer */
	char answered_by[REGISTRY_NAME_BYTES], answer_note[REGISTRY_NOTE_BYTES];
	bool accepted; /* says nothing before answered_s */
};

struct registry_answer {
	struct registry_word word;
	bool accept; /* an exclusion or a correction follows by the usual commands */
};

/* -EINVAL: the link is another provider's, or the second has not been yet. -ENOENT. */
int registry_objection_add(struct registry *registry, const struct registry_objection *objection,
	int64_t *ret_id, struct err *err);
int registry_objection_answer(struct registry *registry, int64_t id,
	const struct registry_answer *answer, struct err *err); /* -ENOENT, -EALREADY */
/* By id, of the links of the filter (NULL: all), answered ones too. */
int registry_objections(struct registry *registry, const struct registry_filter *filter,
	int (*each)(void *arg, const struct registry_objection *objection), void *arg,
	struct err *err);

#endif
