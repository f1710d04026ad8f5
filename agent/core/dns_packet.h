/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DNS questions and answers as bytes (RFC 1035), as far as asking one resolver for one name's
 * addresses takes. Pure. An answer counts only if it repeats the question: number, name, type and
 * class; of what it holds no more is read than its length and ANSWERS_MAX records allow.
 */
#ifndef PANTAU_AGENT_CORE_DNS_PACKET_H
#define PANTAU_AGENT_CORE_DNS_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "proto/model.h"

#define DNS_PORT 53
#define DNS_NAME_TEXT_MAX 200 /* leaves room for a label of our own in front */
#define DNS_QUESTION_MAX 288 /* header, the longest name, type and class */
#define DNS_ADDRESSES_MAX 4

enum dns_type { DNS_TYPE_A = 1, DNS_TYPE_AAAA = 28 };

struct dns_query {
	uint16_t id; /* random */
	enum dns_type type;
	char name[DNS_NAME_TEXT_MAX + 32]; /* as text, without the last dot */
};

/* Letters, digits, - and _ in labels of 1 to 63, DNS_NAME_TEXT_MAX in all. 0 or -EINVAL. */
int dns_name_check(const char *name);
/* The length, or -EINVAL: no such name can be asked for. */
int dns_query_write(const struct dns_query *query, uint8_t ret_packet[DNS_QUESTION_MAX]);

struct dns_reply {
	/* ANSWERED, NXDOMAIN, SERVFAIL, REFUSED, EMPTY or MALFORMED: what it says by itself. */
	enum dns_outcome outcome;
	size_t count;
	struct address addresses[DNS_ADDRESSES_MAX];
};
/* 0; -ENOMSG: it is no answer to this question, whoever sent it. */
int dns_reply_read(const struct dns_query *query, const void *packet, size_t length,
	struct dns_reply *ret_reply);

/* What a reply means where a name that exists, or none, was asked for. */
enum dns_outcome dns_judge(enum dns_question question, enum dns_outcome said);

#endif
