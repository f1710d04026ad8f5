/* SPDX-License-Identifier: Apache-2.0 */
#include "web/speed_notes.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "web/limits.h"
#include "web/ticker.h"

#define WORDS_BYTES 160

struct speed_notes {
	struct speed_notes_owner owner;
	struct ticker *ticker;
	pthread_mutex_t lock; /* for all below; never held while the disk is asked */
	struct served items[SPEED_NOTES_MAX]; /* a ring */
	size_t first, count;
	uint64_t lost; /* since what is wrong began */
	bool wrong; /* and told */
};

/* ---- what is wrong is told once, and once more when it is over */

static void begin_wrong(struct speed_notes *notes, const char *reason, const char *details)
{
	char words[WORDS_BYTES];
	bool told;

	snprintf(words, sizeof(words), "streams of speed tests are not noted: %s", reason);
	pthread_mutex_lock(&notes->lock);
	told = notes->wrong;
	notes->wrong = true;
	if (!told)
		notes->owner.tell(notes->owner.arg, words);
	pthread_mutex_unlock(&notes->lock);
	if (!told)
		log_warn("streams of speed tests are not noted, and compared with nothing: %s",
			details);
}

static void end_wrong(struct speed_notes *notes)
{
	uint64_t lost;
	bool told;

	pthread_mutex_lock(&notes->lock);
	told = notes->wrong;
	lost = notes->lost;
	notes->wrong = false;
	notes->lost = 0;
	if (told)
		notes->owner.tell(notes->owner.arg, "");
	pthread_mutex_unlock(&notes->lock);
	if (told)
		log_info("streams of speed tests are noted again; %" PRIu64 " never will be", lost);
}

/* ---- writing */

static size_t copy_first(struct speed_notes *notes, struct served ret_items[SERVED_PUT_MAX])
{
	size_t count;

	pthread_mutex_lock(&notes->lock);
	count = notes->count < SERVED_PUT_MAX ? notes->count : SERVED_PUT_MAX;
	for (size_t i = 0; i < count; i++)
		ret_items[i] = notes->items[(notes->first + i) % SPEED_NOTES_MAX];
	pthread_mutex_unlock(&notes->lock);
	return count;
}

static void drop_first(struct speed_notes *notes, size_t count, bool lost)
{
	pthread_mutex_lock(&notes->lock);
	notes->first = (notes->first + count) % SPEED_NOTES_MAX;
	notes->count -= count;
	notes->lost += lost ? count : 0;
	pthread_mutex_unlock(&notes->lock);
}

static void write_all(void *arg)
{
	struct speed_notes *notes = arg;
	struct served items[SERVED_PUT_MAX];
	struct err err = {0};
	size_t count, put;
	int r = 0;

	while (r == 0 && (count = copy_first(notes, items)) > 0) {
		r = served_put(notes->owner.state, items, count, &put, &err);
		if (r == 0) {
			drop_first(notes, put, false);
			end_wrong(notes);
		}
		if (r == -EFBIG) /* until the day ends nothing mends it */
			drop_first(notes, 1, true);
	}
	if (r < 0)
		begin_wrong(notes, strerror(-r), err.text);
}

void speed_notes_add(struct speed_notes *notes, const struct served *served)
{
	static const char full[] = "the disk does not take them in time";
	bool room;

	pthread_mutex_lock(&notes->lock);
	room = notes->count < SPEED_NOTES_MAX;
	if (room)
		notes->items[(notes->first + notes->count++) % SPEED_NOTES_MAX] = *served;
	else
		notes->lost++;
	pthread_mutex_unlock(&notes->lock);
	if (!room)
		begin_wrong(notes, full, full);
}

/* ---- life */

static void notes_free(struct speed_notes *notes)
{
	pthread_mutex_destroy(&notes->lock);
	free(notes);
}

int speed_notes_start(
	const struct speed_notes_owner *owner, struct speed_notes **ret_notes, struct err *err)
{
	struct speed_notes *notes = calloc(1, sizeof(*notes));
	int r;

	if (!notes)
		return err_errno(err, -ENOMEM, "speed tests");
	notes->owner = *owner;
	pthread_mutex_init(&notes->lock, NULL);
	r = ticker_start(SPEED_NOTES_MS, write_all, notes, &notes->ticker, err);
	if (r < 0) {
		notes_free(notes);
		return r;
	}
	*ret_notes = notes;
	return 0;
}

void speed_notes_stop(struct speed_notes *notes)
{
	if (!notes)
		return;
	ticker_stop(notes->ticker);
	write_all(notes);
	notes_free(notes);
}
