/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What agents say of the configuration that was asked of them: which version they follow, which
 * they would not, and why. The ingesting process keeps it in STATE/journal/followers.json, because
 * agents say it seldom; whoever asks reads it there.
 *
 *   {"agents": [{"id": 7, "version": 12, "refused": 0, "trouble": "", "at_s": 1774972800}, ...]}
 */
#ifndef PANTAU_COLLECTOR_FOLLOWERS_H
#define PANTAU_COLLECTOR_FOLLOWERS_H

#include "common/buf.h"
#include "common/err.h"
#include "proto/codec.h"

#define FOLLOWERS_FOLDER "journal" /* the one in which ingest writes */
#define FOLLOWERS_FILE "followers.json"
#define FOLLOWERS_NAME FOLLOWERS_FOLDER "/" FOLLOWERS_FILE
#define FOLLOWERS_BYTES_MAX (64U << 20) /* 200,000 agents with words */

struct follower {
	uint32_t agent;
	struct following said;
	int64_t at_s; /* UTC: when it said so first */
};

struct followers; /* by agent */

/* A missing file: nobody said anything. -EBADMSG with words, -ENOMEM. */
int followers_read(const char *state, struct followers **ret_followers, struct err *err);
void followers_free(struct followers *followers);

/* 1: that is news; 0; -ENOMEM. An agent that follows nothing and never did is not kept. */
int followers_take(struct followers *followers, const struct follower *follower);
/* NULL: it never said anything. Borrowed until the next take. */
const struct follower *followers_find(const struct followers *followers, uint32_t agent);
/* How many would not take what was asked of them last. */
size_t followers_refusing(const struct followers *followers);
/* The file's content. */
int followers_encode(const struct followers *followers, struct buf *out);

#endif
