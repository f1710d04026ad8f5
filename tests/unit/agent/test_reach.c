/* SPDX-License-Identifier: Apache-2.0 */
/* In which order a collector's addresses are tried; and how few of them are written to flash. */
#include "tests/unit/agent/fixture.h"

#include "agent/uplink/reach.c"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct settings_collector noc = {.host = "noc.example", .port = "7443"};

static void on_found(void *arg, size_t count, const char *reason)
{
}

static struct reach *begin(uv_loop_t *loop, const char *folder)
{
	const struct reach_settings settings = {.loop = loop, .state_folder = folder};
	struct reach *reach = NULL;

	assert_int_equal(uv_loop_init(loop), 0);
	assert_int_equal(reach_new(&settings, on_found, NULL, &reach), 0);
	reach->collector = &noc;
	return reach;
}

static void end(struct reach *reach, uv_loop_t *loop)
{
	reach_close(reach);
	uv_run(loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(loop), 0);
}

static union socket_address socket_of(const char *text)
{
	union socket_address socket;
	struct address address;

	assert_int_equal(address_parse(text, &address), 0);
	socket_address_of(&address, 7443, 0, &socket);
	return socket;
}

/* As a resolver would answer. */
static struct addrinfo *resolve_to(const char *const *texts, size_t count)
{
	struct addrinfo *list = NULL;

	while (count--) {
		struct addrinfo *one = calloc(1, sizeof(*one) + sizeof(union socket_address));
		union socket_address *socket = (union socket_address *)(one + 1);

		*socket = socket_of(texts[count]);
		one->ai_family = socket->any.sa_family;
		one->ai_addr = &socket->any;
		one->ai_addrlen = one->ai_family == AF_INET ? sizeof(socket->v4)
							    : sizeof(socket->v6);
		one->ai_next = list;
		list = one;
	}
	return list;
}

static void free_list(struct addrinfo *list)
{
	while (list) {
		struct addrinfo *next = list->ai_next;

		free(list);
		list = next;
	}
}

static void tries(struct reach *reach, const char *wanted)
{
	char text[400] = "";
	const struct sockaddr *next;

	while ((next = reach_next(reach)) != NULL) {
		char one[INET6_ADDRSTRLEN] = "";

		getnameinfo(next,
			next->sa_family == AF_INET ? sizeof(struct sockaddr_in)
						   : sizeof(struct sockaddr_in6),
			one, sizeof(one), NULL, 0, NI_NUMERICHOST);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s ", one);
	}
	assert_string_equal(text, wanted);
}

static void families_take_turns_and_none_is_tried_twice(void **state)
{
	const char *const texts[] = {
		"2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"};
	struct addrinfo *list = resolve_to(texts, 6);
	uv_loop_t loop;
	struct reach *reach = begin(&loop, NULL);

	set_candidates(reach, list);
	tries(reach, "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 192.0.2.3 ");
	assert_false(reach_has_next(reach));
	free_list(list);
	end(reach, &loop);
}

static void what_worked_last_comes_first_or_is_the_last_resort(void **state)
{
	const char *const texts[] = {"2001:db8::1", "192.0.2.1"}, *const other[] = {"198.51.100.9"};
	struct addrinfo *list = resolve_to(texts, 2), *lie = resolve_to(other, 1);
	uv_loop_t loop;
	struct reach *reach = begin(&loop, NULL);

	set_candidates(reach, list);
	reach_next(reach);
	reach_next(reach);
	reach_worked(reach); /* IPv6 is dead here */
	set_candidates(reach, list);
	tries(reach, "192.0.2.1 2001:db8::1 ");
	set_candidates(reach, lie); /* somebody else's address */
	tries(reach, "198.51.100.9 192.0.2.1 ");
	set_candidates(reach, NULL); /* no answer */
	tries(reach, "192.0.2.1 ");
	free_list(lie);
	free_list(list);
	end(reach, &loop);
}

static void addresses_that_take_turns_are_written_once_an_hour(void **state)
{
	char folder[] = "/tmp/pantau-reach-XXXXXX", path[64];
	const union socket_address a = socket_of("192.0.2.1"), b = socket_of("192.0.2.2");
	struct kept_addresses *kept;
	union socket_address last;
	struct stat before, after;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/collectors", folder);
	assert_int_equal(kept_addresses_open(folder, &kept), 0);
	kept_addresses_put(kept, &noc, &a);
	assert_int_equal(stat(path, &before), 0);
	kept_addresses_put(kept, &noc, &a);
	kept_addresses_put(kept, &noc, &b);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino); /* replacing would make a new one */
	assert_true(kept_addresses_get(kept, &noc, &last));
	assert_true(same(&last, &b));
	kept_addresses_free(kept);
	assert_int_equal(kept_addresses_open(folder, &kept), 0);
	assert_true(kept_addresses_get(kept, &noc, &last));
	assert_true(same(&last, &a));
	kept_addresses_free(kept);
	unlink(path);
	rmdir(folder);
}

static void collectors_used_longest_ago_make_room(void **state)
{
	const union socket_address a = socket_of("192.0.2.1");
	struct settings_collector one = {.port = "7443"};
	struct kept_addresses *kept;
	union socket_address last;

	assert_int_equal(kept_addresses_open(NULL, &kept), 0);
	for (int i = 0; i < 9; i++) {
		snprintf(one.host, sizeof(one.host), "noc%d.example", i);
		kept_addresses_put(kept, &one, &a);
	}
	assert_true(kept_addresses_get(kept, &one, &last));
	strcpy(one.host, "noc0.example");
	assert_false(kept_addresses_get(kept, &one, &last));
	strcpy(one.host, "192.0.2.1"); /* configured as it is: nothing to keep */
	kept_addresses_put(kept, &one, &a);
	assert_false(kept_addresses_get(kept, &one, &last));
	kept_addresses_free(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families_take_turns_and_none_is_tried_twice),
		cmocka_unit_test(what_worked_last_comes_first_or_is_the_last_resort),
		cmocka_unit_test(addresses_that_take_turns_are_written_once_an_hour),
		cmocka_unit_test(collectors_used_longest_ago_make_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
