/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/dns_once.h"

#include <errno.h>
#include <string.h>

#include "agent/errands/dns.h"
#include "agent/net/address.h"
#include "agent/probes/dns_lookup.h"

#define NAME "example.com" /* unless one is given */

struct once {
	FILE *out;
	const char *resolver, *name; /* as text */
	enum dns_question question;
	bool good;
};

static const char *words_of(enum dns_outcome outcome, enum dns_question question)
{
	switch (outcome) {
	case DNS_ANSWERED: return "answered";
	case DNS_NXDOMAIN:
		return question == DNS_ABSENT ? "no such name, as it should be"
					      : "NXDOMAIN: it says that there is no such name";
	case DNS_SERVFAIL: return "SERVFAIL: it could not find out";
	case DNS_REFUSED: return "refused by the resolver";
	case DNS_HIJACKED: return "hijacked: an address for a name that cannot exist";
	case DNS_EMPTY: return "no error, and no address";
	case DNS_MALFORMED: return "an answer that is none";
	default: return "no answer within 3 s";
	}
}

static void on_done(void *arg, const struct dns_lookup_result *result)
{
	struct once *once = arg;
	enum dns_outcome outcome = dns_judge(once->question, result->reply.outcome);
	char address[ADDRESS_TEXT_BYTES] = "";

	once->good = outcome == DNS_ANSWERED ||
		(once->question == DNS_ABSENT && (outcome == DNS_NXDOMAIN || outcome == DNS_EMPTY));
	fprintf(once->out, "dns %s %s: %s", once->resolver, once->name,
		words_of(outcome, once->question));
	if (result->reply.count) {
		address_format(&result->reply.addresses[0], address);
		fprintf(once->out, " %s", address);
	}
	if (outcome != DNS_TIMEOUT)
		fprintf(once->out, " after %u.%03u ms", result->rtt_us / 1000,
			result->rtt_us % 1000);
	fputc('\n', once->out);
}

static void ask(struct once *once, const struct address *resolver)
{
	const struct dns_lookup_request request = {
		.resolver = *resolver,
		.type = DNS_TYPE_A,
		.name = once->name,
		.done = on_done,
		.arg = once,
	};
	struct dns_lookup *lookup;
	uv_loop_t loop;
	int status = uv_loop_init(&loop);

	once->good = false;
	if (status == 0)
		status = dns_lookup_start(&loop, &request, &lookup);
	if (status < 0)
		fprintf(once->out, "dns %s %s: refused by this machine: %s\n", once->resolver,
			once->name, strerror(-status));
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
}

int dns_once(const char *target, FILE *out, struct err *err)
{
	const char *slash = strchr(target, '/'), *name = slash ? slash + 1 : NAME;
	char text[ADDRESS_TEXT_BYTES], absent[DNS_ABSENT_BYTES];
	struct once once = {.out = out, .resolver = text, .name = name, .question = DNS_PRESENT};
	struct address resolver;
	bool good;

	snprintf(text, sizeof(text), "%.*s", slash ? (int)(slash - target) : (int)strlen(target),
		target);
	if (address_parse(text, &resolver) < 0 || dns_name_check(name) < 0)
		return err_set(err, -EINVAL,
			"%s: must be a resolver's address, or ADDRESS/NAME with a name that exists",
			target);
	if (dns_draw_absent(name, absent) < 0)
		return err_set(err, -EIO, "no random numbers");
	ask(&once, &resolver);
	good = once.good;
	once.name = absent;
	once.question = DNS_ABSENT;
	ask(&once, &resolver);
	return good && once.good ? 0 : -ETIMEDOUT;
}
