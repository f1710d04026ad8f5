/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is logged in at the web. A session is known by the SHA-256 of the secret that its browser
 * holds, so that a copy of the file lets nobody in. Not in the audit log: who comes and goes
 * changes no figure.
 */
#ifndef PANTAU_STORE_REGISTRY_SESSION_H
#define PANTAU_STORE_REGISTRY_SESSION_H

#include "collector/store/registry_user.h"

#define SESSIONS_A_USER 20 /* a person's browsers; with one more the oldest ends */

struct session_limits {
	int64_t idle_s; /* since it was last seen */
	int64_t max_s; /* since it began */
};

/* For a user as it was found: -ENOENT when it was removed or got another password since. Forgets
 * the sessions that have ended by the limits. */
int registry_session_begin(struct registry *registry, const struct registry_user *user,
	const char *hash, const struct session_limits *limits, struct err *err);
struct registry_session {
	struct registry_user user; /* whose it is */
	int64_t unseen_s; /* since it was last seen */
};
/* -ENOENT: there is none, or none any more. */
int registry_session_find(struct registry *registry, const char *hash,
	const struct session_limits *limits, struct registry_session *ret_session, struct err *err);
int registry_session_seen(struct registry *registry, const char *hash, struct err *err);
/* 0 too when there is none. */
int registry_session_end(struct registry *registry, const char *hash, struct err *err);

/* Whose token has this SHA-256. -ENOENT. */
int registry_token_find(struct registry *registry, const char *hash, struct registry_user *ret_user,
	struct err *err);

#endif
