/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names that fail while addresses answer: a fault of its own, shown as such, and never a second of
 * downtime. Pure.
 */
#ifndef PANTAU_LEDGER_NAMES_FAIL_H
#define PANTAU_LEDGER_NAMES_FAIL_H

#include <stdbool.h>

#include "proto/model.h"

/* The resolver did not say what is due; what the router itself could not send says nothing. */
bool dns_failed(const struct dns *dns);
/* The first question of the slot that failed, where an internet target answered; NULL: none. */
const struct dns *names_fail(const struct slot *slot);

#endif
