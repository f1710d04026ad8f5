/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a collector may ask of an agent: the keys of agent.conf that may come from afar, and the
 * ceilings for their values, compiled in. Who owns the collector must not be able to make a weapon
 * of a thousand routers, nor a scanner of what lies behind them. The collector's side checks by the
 * same table before it sends, so that a mistake is found where it is made; the agent does not rely
 * on that.
 */
#ifndef PANTAU_PROTO_AFAR_H
#define PANTAU_PROTO_AFAR_H

#include <stdbool.h>

#include "common/conf.h"

#define AFAR_VALUE_MAX 256 /* bytes of a value; a text of CONFIGURATION_MAX holds them all */
#define AFAR_NAME_BYTES 48 /* "section.key" and its 0 */

enum afar_rule { /* in conf_key.from_afar; 0: not from afar */
	AFAR_FREE = 1, /* whatever its type allows, numbers within [least, most] */
	AFAR_ADDRESSES, /* three public addresses or more, in two networks */
	AFAR_FOUND, /* auto, off, or public addresses */
	AFAR_TCP, /* empty, or a public ADDRESS:PORT where a server is expected */
	AFAR_UDP, /* the same, with a port of STAMP or of no system service */
	AFAR_URL, /* empty, or http(s)://HOST[:PORT]/...; what it resolves to is checked later */
	AFAR_HOST, /* a DNS name */
};

/* Those keys alone, of no struct, for whoever is no agent. Ends with a section of NULL. */
extern const struct conf_key afar_keys[];
extern const char *const afar_levels[], *const afar_profiles[];

/* By "section.key". NULL: there is no such key, or it is the agent's own. */
const struct conf_key *afar_find_name(const char *name);
/* 0, or -EINVAL with what is wrong or allowed. Of afar_keys or of the agent's own table. */
int afar_check(const struct conf_key *key, const char *value, char ret_why[CONF_WHY_BYTES]);

#endif
