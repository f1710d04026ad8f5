/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/probe.h"

#include <errno.h>
#include <string.h>

#include "agent/probes/icmp.h"
#include "agent/probes/stamp.h"
#include "agent/probes/tcp.h"

const struct probe_type *const probe_types[] = {
	&probe_icmp,
	&probe_tcp,
	&probe_stamp,
	NULL,
};

const struct probe_type *probe_type_named(const char *name)
{
	for (size_t i = 0; probe_types[i]; i++)
		if (strcmp(probe_types[i]->name, name) == 0)
			return probe_types[i];
	return NULL;
}

enum refusal probe_refusal(int error)
{
	switch (error) {
	case ENETDOWN:
	case ENODEV:
	case ENXIO: return REFUSAL_CARRIER;
	case EADDRNOTAVAIL: return REFUSAL_ADDRESS;
	case ENETUNREACH:
	case EHOSTUNREACH: return REFUSAL_ROUTE;
	default: return REFUSAL_OTHER;
	}
}

const char *probe_refusal_name(enum refusal refusal)
{
	static const char *const names[] = {
		[REFUSAL_NONE] = "not refused",
		[REFUSAL_CARRIER] = "no carrier",
		[REFUSAL_ADDRESS] = "no address",
		[REFUSAL_ROUTE] = "no route",
		[REFUSAL_OTHER] = "not allowed or out of buffers",
	};

	return names[refusal];
}
