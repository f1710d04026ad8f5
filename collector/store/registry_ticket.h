/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was said to a provider about an outage: the NOC's trouble ticket, by which its time to
 * repair is also counted, and the notice of a claim. Both name the link and a second of the outage.
 */
#ifndef PANTAU_STORE_REGISTRY_TICKET_H
#define PANTAU_STORE_REGISTRY_TICKET_H

#include "collector/store/registry.h"

struct registry_ticket {
	int64_t id, link;
	int64_t at_s; /* a second of the outage */
	char number[REGISTRY_NAME_BYTES]; /* the NOC's or the provider's */
	int64_t opened_s;
	char by[REGISTRY_NAME_BYTES];
	int64_t entered_s; /* not read by add */
	int64_t revoked_s; /* 0: in force; not read by add */
	char revoked_by[REGISTRY_NAME_BYTES], revoke_note[REGISTRY_NOTE_BYTES];
};

/* -EEXIST: the link has a ticket of this number in force. -EINVAL, -ENOENT. */
int registry_ticket_add(struct registry *registry, const struct registry_ticket *ticket,
	int64_t *ret_id, struct err *err);
/* All or none; the words name the one that was refused. */
int registry_tickets_add(struct registry *registry, const struct registry_ticket *tickets,
	size_t count, struct err *err);
int registry_ticket_revoke(struct registry *registry, int64_t id, const struct registry_word *word,
	struct err *err); /* -ENOENT, -EALREADY */
/* By link and opening, revoked ones too. link 0: all. */
int registry_tickets(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_ticket *ticket), void *arg, struct err *err);

struct registry_told { /* the provider was told that this outage will be claimed */
	int64_t id, link;
	int64_t at_s; /* a second of the outage */
	int64_t told_s; /* when */
	char by[REGISTRY_NAME_BYTES], note[REGISTRY_NOTE_BYTES];
	int64_t entered_s; /* not read by add */
	int64_t revoked_s; /* 0: in force; not read by add */
	char revoked_by[REGISTRY_NAME_BYTES], revoke_note[REGISTRY_NOTE_BYTES];
};

/* -EINVAL, -ENOENT. */
int registry_told_add(struct registry *registry, const struct registry_told *told, int64_t *ret_id,
	struct err *err);
int registry_told_revoke(struct registry *registry, int64_t id, const struct registry_word *word,
	struct err *err); /* -ENOENT, -EALREADY */
/* By link and when, revoked ones too. link 0: all. */
int registry_told(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_told *told), void *arg, struct err *err);

#endif
