/* SPDX-License-Identifier: Apache-2.0 */
/* Dismissals, settled disputes, objections, tickets and notices: kept, checked, revoked, logged. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/registry_decision.h"
#include "collector/store/registry_objection.h"
#include "collector/store/registry_ticket.h"
#include "tests/unit/store/fixture.h"

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const struct registry_word word = {"Budi", "sudah dilihat"};

static void expect(const struct err *err, int result, int wanted, const char *words)
{
	if (result != wanted || !strstr(err->text, words))
		fail_msg("%d \"%s\" instead of %d \"%s\"", result, err->text, wanted, words);
}

static int see_change(void *arg, const struct registry_change *change)
{
	const char **last = arg;

	last[0] = !strcmp(change->table, "settlement") && change->before ? "changed" : "added";
	return 0;
}

/* ---- dismissals */

static int see_dismissal(void *arg, const struct registry_dismissal *dismissal)
{
	*(struct registry_dismissal *)arg = *dismissal;
	return 0;
}

static void an_item_is_dismissed_once_until_that_is_revoked(void **state)
{
	struct registry *registry = ((struct fixture *)*state)->registry;
	struct registry_dismissal seen = {0};
	struct err err = {0};
	int64_t id;

	assert_int_equal(registry_dismissal_add(registry, "power-gap-1-5", &word, &id, &err), 0);
	expect(&err, registry_dismissal_add(registry, "power-gap-1-5", &word, &id, &err), -EEXIST,
		"was dismissed before, by number 1");
	assert_int_equal(registry_dismissal_revoke(registry, 1, &word, &err), 0);
	expect(&err, registry_dismissal_revoke(registry, 1, &word, &err), -EALREADY,
		"dismissal 1 was revoked before");
	assert_int_equal(registry_dismissal_add(registry, "power-gap-1-5", &word, &id, &err), 0);
	assert_int_equal(id, 2);
	assert_int_equal(registry_dismissals(registry, see_dismissal, &seen, &err), 0);
	assert_int_equal(seen.id, 2);
	assert_string_equal(seen.by, "Budi");
	assert_int_equal(seen.revoked_s, 0);
}

static void who_decides_says_who_and_why(void **state)
{
	struct registry *registry = ((struct fixture *)*state)->registry;
	const struct registry_word nobody = {"", "x"}, nothing = {"Budi", ""},
				   bell = {"Budi", "\a"};
	char endless[REGISTRY_NOTE_BYTES + 1];
	const struct registry_word long_one = {"Budi", endless};
	struct err err = {0};
	int64_t id;

	memset(endless, 'x', sizeof(endless));
	endless[REGISTRY_NOTE_BYTES] = '\0';
	expect(&err, registry_dismissal_add(registry, "x", &nobody, &id, &err), -EINVAL,
		"by is empty");
	expect(&err, registry_dismissal_add(registry, "x", &nothing, &id, &err), -EINVAL,
		"note is empty");
	expect(&err, registry_dismissal_add(registry, "x", &bell, &id, &err), -EINVAL,
		"note holds a control character");
	expect(&err, registry_dismissal_add(registry, "x", &long_one, &id, &err), -EINVAL,
		"note is longer than 511 bytes");
	expect(&err, registry_dismissal_add(registry, endless, &word, &id, &err), -EINVAL,
		"is longer than 63 bytes");
}

/* ---- settlements */

#define FIRST_BOOT "05000000000000000000000000000000" /* of the fixture's boot 5 */

static struct registry_settlement settlement_of(uint32_t agent, int64_t from_s, int64_t to_s)
{
	return (struct registry_settlement){.agent = agent,
		.from_s = from_s,
		.to_s = to_s,
		.accept = FIRST_BOOT,
		.by = "Budi",
		.note = "kembar"};
}

static void a_dispute_is_settled_once_at_a_time(void **state)
{
	struct fixture *fixture = *state;
	struct registry *registry = fixture->registry;
	int64_t link = fixture_link(fixture, DESA, "Telkom"), id;
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct registry_settlement one = settlement_of(agent, T0, T0 + 100);
	const char *last = "";
	struct err err = {0};

	assert_int_equal(registry_settlement_add(registry, &one, &id, &err), 0);
	one = settlement_of(agent, T0 + 99, T0 + 200);
	expect(&err, registry_settlement_add(registry, &one, &id, &err), -EEXIST,
		"number 1 from 2025-12-31T16:00:00Z to 2025-12-31T16:01:40Z settles it");
	one = settlement_of(agent, T0 + 100, T0 + 200);
	assert_int_equal(registry_settlement_add(registry, &one, &id, &err), 0);
	one = settlement_of(agent + 1, T0, T0 + 1);
	expect(&err, registry_settlement_add(registry, &one, &id, &err), -ENOENT, "agent = 2");
	one = settlement_of(agent, T0, T0);
	expect(&err, registry_settlement_add(registry, &one, &id, &err), -ERANGE,
		"must begin before it ends");
	one = settlement_of(agent, T0 + 900, SPAN_FOREVER);
	expect(&err, registry_settlement_add(registry, &one, &id, &err), -ERANGE, "must end");
	one = settlement_of(agent, T0 + 900, T0 + 960);
	strcpy(one.accept, "first");
	expect(&err, registry_settlement_add(registry, &one, &id, &err), -EINVAL, "accept = first");
	assert_int_equal(registry_settlement_revoke(registry, 1, &word, &err), 0);
	assert_int_equal(registry_changes(registry, 0, see_change, &last, &err), 0);
	assert_string_equal(last, "changed");
}

/* ---- objections */

static struct registry_objection objection_of(int64_t link)
{
	return (struct registry_objection){.link = link,
		.at_s = T0 + 10,
		.provider = "Telkom",
		.by = "Rudi",
		.note = "kabel dipotong",
		.document = HEX};
}

static int see_objection(void *arg, const struct registry_objection *objection)
{
	*(struct registry_objection *)arg = *objection;
	return 0;
}

static void an_objection_waits_for_one_answer(void **state)
{
	struct fixture *fixture = *state;
	struct registry *registry = fixture->registry;
	struct registry_objection one = objection_of(fixture_link(fixture, DESA, "Telkom")), seen;
	const struct registry_answer answer = {word, true};
	struct err err = {0};
	int64_t id;

	fixture->now_s = T0 + 100;
	assert_int_equal(registry_objection_add(registry, &one, &id, &err), 0);
	assert_int_equal(registry_objections(registry, NULL, see_objection, &seen, &err), 0);
	assert_int_equal(seen.answered_s, 0);
	assert_string_equal(seen.document, HEX);
	fixture->now_s = T0 + 200;
	assert_int_equal(registry_objection_answer(registry, id, &answer, &err), 0);
	expect(&err, registry_objection_answer(registry, id, &answer, &err), -EALREADY,
		"was answered before");
	expect(&err, registry_objection_answer(registry, 9, &answer, &err), -ENOENT,
		"objection 9 does not exist");
	assert_int_equal(registry_objections(registry, NULL, see_objection, &seen, &err), 0);
	assert_int_equal(seen.answered_s, T0 + 200);
	assert_true(seen.accepted);
	assert_string_equal(seen.answer_note, "sudah dilihat");
}

static void a_provider_objects_to_what_is_its_own_and_has_been(void **state)
{
	struct fixture *fixture = *state;
	struct registry *registry = fixture->registry;
	struct registry_objection one = objection_of(fixture_link(fixture, DESA, "Telkom"));
	struct err err = {0};
	int64_t id;

	fixture->now_s = T0;
	expect(&err, registry_objection_add(registry, &one, &id, &err), -ERANGE,
		"at = 2025-12-31T16:00:10Z: has not been yet");
	fixture->now_s = T0 + 100;
	strcpy(one.provider, "Starlink");
	expect(&err, registry_objection_add(registry, &one, &id, &err), -EINVAL,
		"provider = Starlink: link 1 is one of Telkom");
	strcpy(one.provider, "Telkom");
	strcpy(one.document, "surat.pdf");
	expect(&err, registry_objection_add(registry, &one, &id, &err), -EINVAL,
		"document = surat.pdf: must be the SHA-256");
	one.document[0] = '\0';
	one.link = 9;
	expect(&err, registry_objection_add(registry, &one, &id, &err), -ENOENT, "link 9");
}

/* ---- tickets and notices */

static void a_ticket_has_its_number_once_a_link(void **state)
{
	struct fixture *fixture = *state;
	struct registry *registry = fixture->registry;
	struct registry_ticket one = {.link = fixture_link(fixture, DESA, "Telkom"),
		.at_s = T0,
		.opened_s = T0 + 60,
		.number = "T-1",
		.by = "NOC"};
	struct err err = {0};
	int64_t id;

	fixture->now_s = T0 + 100;
	assert_int_equal(registry_ticket_add(registry, &one, &id, &err), 0);
	expect(&err, registry_ticket_add(registry, &one, &id, &err), -EEXIST, "number = T-1");
	assert_int_equal(registry_ticket_revoke(registry, id, &word, &err), 0);
	assert_int_equal(registry_ticket_add(registry, &one, &id, &err), 0);
	one.opened_s = T0 + 101;
	strcpy(one.number, "T-2");
	expect(&err, registry_ticket_add(registry, &one, &id, &err), -ERANGE,
		"opened = 2025-12-31T16:01:41Z: has not been yet");
	one.opened_s = T0;
	one.number[0] = '\0';
	expect(&err, registry_ticket_add(registry, &one, &id, &err), -EINVAL, "number is empty");
}

static int count_ticket(void *arg, const struct registry_ticket *ticket)
{
	int *count = arg;

	++*count;
	return 0;
}

static void many_tickets_are_all_entered_or_none(void **state)
{
	struct fixture *fixture = *state;
	struct registry *registry = fixture->registry;
	const struct registry_ticket one = {
		.at_s = T0, .opened_s = T0 + 60, .number = "T-1", .by = "NOC"};
	struct registry_ticket many[3] = {one, one, one};
	struct err err = {0};
	int count = 0;

	fixture->now_s = T0 + 100;
	for (size_t i = 0; i < 3; i++)
		many[i].link = fixture_link(fixture, DESA, "Telkom");
	many[2].link += 1000;
	expect(&err, registry_tickets_add(registry, many, 3, &err), -ENOENT, "ticket 3 of 3");
	assert_int_equal(registry_tickets(registry, 0, count_ticket, &count, &err), 0);
	assert_int_equal(count, 0);
	many[2].link -= 1000;
	assert_int_equal(registry_tickets_add(registry, many, 3, &err), 0);
	assert_int_equal(registry_tickets(registry, 0, count_ticket, &count, &err), 0);
	assert_int_equal(count, 3);
}

static void a_notice_says_when_by_whom_and_how(void **state)
{
	struct fixture *fixture = *state;
	struct registry *registry = fixture->registry;
	struct registry_told one = {.link = fixture_link(fixture, DESA, "Telkom"),
		.at_s = T0,
		.told_s = T0 + 60,
		.by = "Budi",
		.note = "surat 7"};
	struct err err = {0};
	int64_t id;

	fixture->now_s = T0 + 50;
	expect(&err, registry_told_add(registry, &one, &id, &err), -ERANGE,
		"when = 2025-12-31T16:01:00Z: has not been yet");
	fixture->now_s = T0 + 100;
	assert_int_equal(registry_told_add(registry, &one, &id, &err), 0);
	one.note[0] = '\0';
	expect(&err, registry_told_add(registry, &one, &id, &err), -EINVAL, "note is empty");
	one.link = 9;
	expect(&err, registry_told_add(registry, &one, &id, &err), -ENOENT, "link 9");
	assert_int_equal(registry_told_revoke(registry, id, &word, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(an_item_is_dismissed_once_until_that_is_revoked),
		TEST(who_decides_says_who_and_why),
		TEST(a_dispute_is_settled_once_at_a_time),
		TEST(an_objection_waits_for_one_answer),
		TEST(a_provider_objects_to_what_is_its_own_and_has_been),
		TEST(a_ticket_has_its_number_once_a_link),
		TEST(many_tickets_are_all_entered_or_none),
		TEST(a_notice_says_when_by_whom_and_how),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
