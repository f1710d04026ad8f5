/* SPDX-License-Identifier: Apache-2.0 */
/* Streams as the server reads them, over a ledger on disk. */
#include <errno.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "web/feed.h"
#include "web/limits.h"
#include "ledger_fixture.h"

#define PATIENCE_S 5

struct fixture {
	struct ledger_fixture ledger;
	struct feed *feed;
};

struct page { /* one client */
	struct stream stream;
	sem_t woken;
	char text[512 * 1024];
	size_t length;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	fixture_init(&fixture->ledger);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	feed_stop(fixture->feed);
	fixture_done(&fixture->ledger);
	free(fixture);
	return 0;
}

static void start(struct fixture *fixture)
{
	assert_int_equal(feed_start(fixture->ledger.state, &fixture->feed, NULL), 0);
}

static void on_wake(void *arg)
{
	sem_post(&((struct page *)arg)->woken);
}

static struct page *watch(struct fixture *fixture, int64_t seen)
{
	struct page *page = calloc(1, sizeof(*page));

	assert_non_null(page);
	sem_init(&page->woken, 0, 0);
	assert_int_equal(feed_watch(fixture->feed, seen, &page->stream), 0);
	page->stream.begin(page->stream.arg, (struct stream_wake){.wake = on_wake, .arg = page});
	return page;
}

static void leave(struct page *page)
{
	page->stream.close(page->stream.arg);
	sem_destroy(&page->woken);
	free(page);
}

/* Reads all that there is now. In pieces of an odd size, as a network would. */
static const char *read_now(struct page *page)
{
	ssize_t length;

	while ((length = page->stream.read(page->stream.arg, page->text + page->length, 97)) > 0) {
		page->length += (size_t)length;
		assert_true(page->length + 97 < sizeof(page->text));
	}
	assert_int_equal(length, 0);
	page->text[page->length] = '\0';
	return page->text;
}

static const char *read_until(struct page *page, const char *wanted)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	while (!strstr(read_now(page), wanted)) {
		if (sem_timedwait(&page->woken, &until) != 0)
			fail_msg("%s never came after: %s", wanted, page->text);
	}
	return page->text;
}

static void a_new_page_hears_from_now_on(void **state)
{
	struct fixture *fixture = *state;
	struct page *page;

	fixture_create(&fixture->ledger);
	fixture_live(&fixture->ledger, 7, LIVE_UP);
	start(fixture);
	page = watch(fixture, FEED_FROM_NOW);
	assert_string_equal(read_now(page), "retry: 3000\n\nevent: hello\nid: 1\ndata: {}\n\n");
	fixture_live(&fixture->ledger, 7, LIVE_DOWN);
	read_until(page, "\"state\":\"down\"");
	assert_non_null(strstr(page->text, "event: state\nid: 2\n"));
	leave(page);
}

static void every_page_gets_every_change(void **state)
{
	struct fixture *fixture = *state;
	struct page *pages[3];

	fixture_create(&fixture->ledger);
	start(fixture);
	for (size_t i = 0; i < 3; i++)
		pages[i] = watch(fixture, FEED_FROM_NOW);
	assert_int_equal(feed_counts(fixture->feed).clients, 3);
	fixture_live(&fixture->ledger, 9, LIVE_SILENT);
	for (size_t i = 0; i < 3; i++) {
		read_until(pages[i], "\"link\":9,\"state\":\"silent\"");
		leave(pages[i]);
	}
	assert_int_equal(feed_counts(fixture->feed).clients, 0);
}

static void who_comes_back_gets_what_was_missed_from_memory(void **state)
{
	struct fixture *fixture = *state;
	struct page *first, *again;

	fixture_create(&fixture->ledger);
	start(fixture);
	first = watch(fixture, FEED_FROM_NOW);
	fixture_live(&fixture->ledger, 1, LIVE_DOWN);
	read_until(first, "id: 1\n");
	fixture_live(&fixture->ledger, 2, LIVE_DOWN);
	read_until(first, "id: 2\n");
	again = watch(fixture, 1);
	read_now(again);
	assert_null(strstr(again->text, "\"link\":1,"));
	assert_non_null(strstr(again->text, "\"link\":2,"));
	leave(first);
	leave(again);
}

static void what_is_older_than_memory_comes_from_the_ledger(void **state)
{
	struct fixture *fixture = *state;
	const int changes = EVENTS_BATCH + 44;
	struct page *page;
	char wanted[32];

	fixture_create(&fixture->ledger);
	for (int i = 1; i <= changes; i++)
		fixture_live(&fixture->ledger, i, LIVE_DOWN);
	start(fixture);
	page = watch(fixture, 3);
	read_now(page);
	assert_null(strstr(page->text, "\"link\":3,"));
	for (int i = 4; i <= changes; i++) {
		snprintf(wanted, sizeof(wanted), "\"link\":%d,", i);
		assert_non_null(strstr(page->text, wanted));
	}
	assert_null(strstr(page->text, "event: reset"));
	leave(page);
}

static void what_was_deleted_is_said_by_a_reset(void **state)
{
	struct fixture *fixture = *state;
	struct page *page;

	fixture_create(&fixture->ledger);
	for (int i = 1; i <= 9; i++)
		fixture_live(&fixture->ledger, i, LIVE_DOWN);
	fixture_forget(&fixture->ledger, 6);
	start(fixture);
	page = watch(fixture, 2);
	assert_string_equal(read_now(page), "retry: 3000\n\nevent: reset\nid: 9\ndata: {}\n\n");
	fixture_live(&fixture->ledger, 2, LIVE_UP);
	read_until(page, "id: 10\n");
	assert_int_equal(feed_counts(fixture->feed).resets, 1);
	leave(page);
}

static void an_id_of_another_ledger_is_said_by_a_reset(void **state)
{
	struct fixture *fixture = *state;
	struct page *page;

	fixture_create(&fixture->ledger);
	fixture_live(&fixture->ledger, 1, LIVE_DOWN);
	start(fixture);
	page = watch(fixture, 5000);
	assert_string_equal(read_now(page), "retry: 3000\n\nevent: reset\nid: 1\ndata: {}\n\n");
	leave(page);
}

static void a_ledger_that_comes_later_is_found(void **state)
{
	struct fixture *fixture = *state;
	struct page *page;

	start(fixture);
	page = watch(fixture, FEED_FROM_NOW);
	assert_string_equal(read_now(page), "retry: 3000\n\nevent: hello\nid: 0\ndata: {}\n\n");
	fixture_create(&fixture->ledger);
	fixture_live(&fixture->ledger, 5, LIVE_UP);
	read_until(page, "\"link\":5,\"state\":\"up\"");
	leave(page);
}

static void there_is_room_for_so_many_pages_and_no_more(void **state)
{
	struct fixture *fixture = *state;
	static struct stream streams[EVENTS_CLIENTS_MAX];
	struct stream one_more;

	fixture_create(&fixture->ledger);
	start(fixture);
	for (size_t i = 0; i < EVENTS_CLIENTS_MAX; i++)
		assert_int_equal(feed_watch(fixture->feed, FEED_FROM_NOW, &streams[i]), 0);
	assert_int_equal(feed_watch(fixture->feed, FEED_FROM_NOW, &one_more), -EBUSY);
	streams[0].close(streams[0].arg);
	assert_int_equal(feed_watch(fixture->feed, FEED_FROM_NOW, &streams[0]), 0);
	for (size_t i = 0; i < EVENTS_CLIENTS_MAX; i++)
		streams[i].close(streams[i].arg);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_new_page_hears_from_now_on),
		CASE(every_page_gets_every_change),
		CASE(who_comes_back_gets_what_was_missed_from_memory),
		CASE(what_is_older_than_memory_comes_from_the_ledger),
		CASE(what_was_deleted_is_said_by_a_reset),
		CASE(an_id_of_another_ledger_is_said_by_a_reset),
		CASE(a_ledger_that_comes_later_is_found),
		CASE(there_is_room_for_so_many_pages_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
