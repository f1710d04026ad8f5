/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about certificates share: registry_identity.c and registry_parked.c. */
#ifndef PANTAU_STORE_REGISTRY_IDENTITY_PRIVATE_H
#define PANTAU_STORE_REGISTRY_IDENTITY_PRIVATE_H

#include "collector/store/registry_identity.h"
#include "collector/store/registry_private.h"

/* Within a change of the caller's. */

/* The first certificate of a new agent. */
int identity_first(struct change *change, uint32_t agent, const char *fingerprint, struct err *err);
/* Whether a person said yes to this key, lately enough. */
int parked_is_admitted(struct change *change, const struct registry_renewal *renewal,
	bool *ret_admitted, struct err *err);
/* Writes down that it asks, as far as there is room. */
int parked_note(struct change *change, const struct registry_renewal *renewal, int64_t expired_s,
	struct err *err);
/* It has its certificate: its requests are answered. */
int parked_forget(struct change *change, uint32_t agent, struct err *err);

#endif
