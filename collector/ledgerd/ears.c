/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/ears.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/ask.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/log.h"

#define ASK_MS 1000
#define KEEP_S 60 /* how exactly is known, after a power cut, until when all was well */

struct ears {
	char *state;
	struct desk *desk;
	/* of the follower */
	struct own_outage outages[EARS_OUTAGES]; /* the latest first */
	size_t count;
	bool open; /* the first of them goes on */
	int64_t kept_to_s; /* of the one that goes on, in the ledger; 0: it is not there */
	bool news; /* the first of them is not in the ledger as it is */
	int64_t well_s, kept_s; /* known; in the ledger */
	int64_t heard_s; /* the answer taken last */
	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* for what is below */
	struct ears_answer answer;
};

/* ---- asking */

static void read_status(const char *bytes, size_t length, struct ears_answer *answer)
{
	json_t *status = json_loadb(bytes, length, 0, NULL);
	const char *trouble = json_string_value(json_object_get(status, "cannot_write"));
	const char *since = json_string_value(json_object_get(status, "since"));
	const char *before = json_string_value(json_object_get(status, "before"));

	answer->well = since && !trouble && civil_parse(since, 0, &answer->since_s, NULL) == 0;
	if (before && civil_parse(before, 0, &answer->before_s, NULL) < 0)
		answer->before_s = 0;
	if (trouble)
		snprintf(answer->why, sizeof(answer->why), "it could not write: %.90s", trouble);
	else if (!answer->well)
		snprintf(answer->why, sizeof(answer->why), "its status could not be read");
	json_decref(status);
}

static void ask(struct ears *ears)
{
	struct ears_answer answer = {.at_s = clock_utc_us() / 1000000};
	uint8_t *bytes;
	size_t length;

	if (ask_status(ears->state, "journal/ingest.sock", &bytes, &length, NULL) < 0) {
		snprintf(answer.why, sizeof(answer.why), "the process ingest did not answer");
	} else {
		read_status((const char *)bytes, length, &answer);
		free(bytes);
	}
	pthread_mutex_lock(&ears->lock);
	ears->answer = answer;
	pthread_mutex_unlock(&ears->lock);
}

static void *run(void *arg)
{
	struct ears *ears = arg;

	do
		ask(ears);
	while (!desk_wait_ms(ears->desk, ASK_MS));
	return NULL;
}

/* ---- what it means */

static void begin(struct ears *ears, int64_t from_s, const char *why)
{
	memmove(ears->outages + 1, ears->outages, (EARS_OUTAGES - 1) * sizeof(*ears->outages));
	ears->count += ears->count < EARS_OUTAGES;
	ears->outages[0] = (struct own_outage){.from_s = from_s, .to_s = from_s};
	snprintf(ears->outages[0].why, OUTAGE_WHY_BYTES, "%s", why);
	ears->open = true;
	ears->kept_to_s = 0;
}

/* Too short to have made anybody seem silent: forgotten. */
static void end(struct ears *ears, int64_t to_s)
{
	struct own_outage *outage = &ears->outages[0];

	outage->to_s = to_s > outage->from_s ? to_s : outage->from_s;
	ears->open = false;
	if (outage->to_s - outage->from_s >= EARS_LEAST_S) {
		ears->news = true;
		log_warn("ledger: agents were not heard for %lld s: %s",
			(long long)(outage->to_s - outage->from_s), outage->why);
		return;
	}
	ears->count--;
	memmove(ears->outages, ears->outages + 1, ears->count * sizeof(*ears->outages));
}

/* What it wrote says that it was there, also when nobody asked it or what we knew was not kept. */
static int64_t last_sign(int64_t well_s, const struct ears_answer *answer)
{
	bool later = answer->before_s > well_s && answer->before_s <= answer->since_s;

	return later ? answer->before_s : well_s;
}

void ears_hear(struct ears *ears, const struct ears_answer *answer)
{
	if (!answer->at_s || answer->at_s == ears->heard_s)
		return;
	ears->heard_s = answer->at_s;
	if (!answer->well) {
		if (!ears->open && ears->well_s)
			begin(ears, ears->well_s, answer->why);
		if (ears->open && answer->at_s - ears->outages[0].from_s >= EARS_LEAST_S) {
			ears->outages[0].to_s = answer->at_s;
			ears->news |= answer->at_s - ears->kept_to_s >= KEEP_S;
		}
		return;
	}
	/* it began after we last knew it to be well: nobody was there in between */
	if (!ears->open && ears->well_s && answer->since_s > ears->well_s) {
		begin(ears, last_sign(ears->well_s, answer), "the process ingest was started anew");
		end(ears, answer->since_s);
	} else if (ears->open) {
		/* it may have been there a while before it was asked again */
		bool anew = answer->since_s > ears->outages[0].from_s;

		end(ears, anew ? answer->since_s : answer->at_s);
	}
	ears->well_s = answer->at_s;
}

bool ears_look(struct ears *ears)
{
	struct ears_answer answer;

	pthread_mutex_lock(&ears->lock);
	answer = ears->answer;
	pthread_mutex_unlock(&ears->lock);
	ears_hear(ears, &answer);
	return ears->news || ears->well_s - ears->kept_s >= KEEP_S;
}

int ears_write(struct ears *ears, struct ledger_writer *writer, struct err *err)
{
	int r = ears->news ? own_outage_put(writer, &ears->outages[0], err) : 0;

	if (r == 0 && ears->well_s != ears->kept_s)
		r = own_well_put(writer, ears->well_s, err);
	return r;
}

void ears_commit(struct ears *ears)
{
	if (ears->news)
		ears->kept_to_s = ears->outages[0].to_s;
	ears->news = false;
	ears->kept_s = ears->well_s;
}

const struct own_outage *ears_outages(const struct ears *ears, size_t *ret_count)
{
	*ret_count = ears->count;
	return ears->outages;
}

/* ---- life */

static int add(void *arg, const struct own_outage *outage)
{
	struct ears *ears = arg;

	ears->outages[ears->count++] = *outage;
	return ears->count == EARS_OUTAGES;
}

int ears_new(const char *state, struct desk *desk, struct ledger_db *db, struct ears **ret_ears,
	struct err *err)
{
	struct ears *ears = calloc(1, sizeof(*ears));
	int r;

	if (!ears)
		return err_errno(err, -ENOMEM, "%s", state);
	pthread_mutex_init(&ears->lock, NULL);
	ears->desk = desk;
	ears->state = strdup(state);
	r = ears->state ? own_outages(db, add, ears, err) : err_errno(err, -ENOMEM, "%s", state);
	if (r == 0)
		r = own_well_get(db, &ears->well_s, err);
	ears->kept_s = ears->well_s;
	if (r < 0) {
		ears_free(ears);
		return r;
	}
	*ret_ears = ears;
	return 0;
}

int ears_start(struct ears *ears, struct err *err)
{
	int r = pthread_create(&ears->thread, NULL, run, ears);

	if (r)
		return err_errno(err, -r, "thread of the ears");
	ears->started = true;
	return 0;
}

void ears_free(struct ears *ears)
{
	if (!ears)
		return;
	if (ears->started)
		pthread_join(ears->thread, NULL);
	pthread_mutex_destroy(&ears->lock);
	free(ears->state);
	free(ears);
}
