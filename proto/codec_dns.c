/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec_dns.h"

#include <errno.h>
#include <string.h>

#include "proto/codec_check.h"

/* The plain enums are the wire's: one cast, no table. */
_Static_assert((int)DNS_ABSENT == PANTAU__V1__DNS_QUESTION__DNS_ABSENT, "question");
_Static_assert((int)DNS_UNSENT == PANTAU__V1__DNS_OUTCOME__DNS_UNSENT, "outcome");

/* An address for a name that exists is an answer, for one that cannot exist it is a hijack. */
static int check_outcome(const Pantau__V1__Dns *dns, struct err *err)
{
	int outcome = (int)dns->outcome, question = (int)dns->question;
	bool answered = outcome != DNS_TIMEOUT && outcome != DNS_UNSENT;
	int code;

	if ((code = check_known("question", question, DNS_PRESENT, DNS_ABSENT, err)))
		return code;
	if ((code = check_known("outcome", outcome, DNS_ANSWERED, DNS_OUTCOME_COUNT - 1, err)))
		return code;
	if ((outcome == DNS_ANSWERED && question == DNS_ABSENT) ||
		(outcome == DNS_HIJACKED && question == DNS_PRESENT)) {
		err_set(err, -EINVAL, "outcome = %d: not of question %d", outcome, question);
		return REJECT_INVALID;
	}
	return check_range(answered ? "rtt_us" : "rtt_us of a question without an answer",
		dns->rtt_us, 0, answered ? RTT_MAX_US : 0, err);
}

int codec_dns_check(const Pantau__V1__Dns *dns, struct err *err)
{
	int code;

	if ((code = check_range("offset_ms", dns->offset_ms, 0, OFFSET_MAX_MS, err)))
		return code;
	if ((code = check_address("resolver", dns->resolver.len, false, err)))
		return code;
	return check_outcome(dns, err);
}

void codec_dns_read(const Pantau__V1__Dns *dns, struct dns *ret_dns)
{
	ret_dns->offset_ms = dns->offset_ms;
	ret_dns->rtt_us = dns->rtt_us;
	ret_dns->resolver.length = (uint8_t)dns->resolver.len;
	memcpy(ret_dns->resolver.bytes, dns->resolver.data, dns->resolver.len);
	ret_dns->question = (uint8_t)dns->question;
	ret_dns->outcome = (uint8_t)dns->outcome;
}

void codec_dns_lay_out(const struct dns *dns, Pantau__V1__Dns *ret_wire)
{
	pantau__v1__dns__init(ret_wire);
	ret_wire->offset_ms = dns->offset_ms;
	ret_wire->resolver.len = dns->resolver.length;
	ret_wire->resolver.data = (uint8_t *)dns->resolver.bytes;
	ret_wire->question = (Pantau__V1__DnsQuestion)dns->question;
	ret_wire->outcome = (Pantau__V1__DnsOutcome)dns->outcome;
	ret_wire->rtt_us = dns->rtt_us;
}
