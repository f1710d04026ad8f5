/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/names_fail.h"

#include <stddef.h>

#include "collector/ledger/evidence.h"

bool dns_failed(const struct dns *dns)
{
	switch ((enum dns_outcome)dns->outcome) {
	case DNS_ANSWERED:
	case DNS_UNSENT: return false;
	case DNS_NXDOMAIN:
	case DNS_EMPTY: return dns->question == DNS_PRESENT;
	default: return true;
	}
}

const struct dns *names_fail(const struct slot *slot)
{
	struct evidence evidence;

	if (!slot->dns_count)
		return NULL;
	evidence = evidence_of(slot);
	for (uint16_t i = 0; evidence.made > evidence.lost && i < slot->dns_count; i++) {
		if (dns_failed(&slot->dns[i]))
			return &slot->dns[i];
	}
	return NULL;
}
