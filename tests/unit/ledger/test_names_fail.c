/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "collector/ledger/names_fail.h"

static bool fails(enum dns_question question, enum dns_outcome outcome)
{
	return dns_failed(&(struct dns){.question = question, .outcome = outcome});
}

static void each_outcome_is_due_or_not(void **state)
{
	assert_false(fails(DNS_PRESENT, DNS_ANSWERED));
	assert_true(fails(DNS_PRESENT, DNS_NXDOMAIN));
	assert_true(fails(DNS_PRESENT, DNS_EMPTY));
	assert_true(fails(DNS_PRESENT, DNS_SERVFAIL));
	assert_true(fails(DNS_PRESENT, DNS_REFUSED));
	assert_true(fails(DNS_PRESENT, DNS_TIMEOUT));
	assert_true(fails(DNS_PRESENT, DNS_MALFORMED));
	assert_false(fails(DNS_PRESENT, DNS_UNSENT));
	assert_false(fails(DNS_ABSENT, DNS_NXDOMAIN));
	assert_false(fails(DNS_ABSENT, DNS_EMPTY));
	assert_true(fails(DNS_ABSENT, DNS_HIJACKED));
	assert_true(fails(DNS_ABSENT, DNS_TIMEOUT));
}

/* A link that is down has no fault of names beside it. */
static void names_fail_where_addresses_answer(void **state)
{
	struct slot *slot = calloc(1, sizeof(*slot));

	slot->target_count = 1;
	slot->targets[0].class = CLASS_INTERNET;
	slot->probe_count = 1;
	slot->probes[0] = (struct probe){.kind = PROBE_ICMP, .outcome = OUTCOME_ANSWERED};
	assert_null(names_fail(slot));
	slot->dns_count = 2;
	slot->dns[0] = (struct dns){.question = DNS_PRESENT, .outcome = DNS_ANSWERED};
	slot->dns[1] = (struct dns){.question = DNS_ABSENT, .outcome = DNS_HIJACKED};
	assert_ptr_equal(names_fail(slot), &slot->dns[1]);
	slot->probes[0].outcome = OUTCOME_LOST;
	assert_null(names_fail(slot));
	free(slot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_outcome_is_due_or_not),
		cmocka_unit_test(names_fail_where_addresses_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
