/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an agent's slot to what can be judged: rounds made and lost, and which classes of target
 * answered while rounds were being lost. Facts only; C and the contract come later.
 */
#ifndef PANTAU_LEDGER_EVIDENCE_H
#define PANTAU_LEDGER_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/ledger/cause.h"
#include "proto/model.h"

struct evidence {
	uint16_t due, made, lost; /* rounds */
	uint8_t asked; /* bit 1 << enum target_class: asked in a lost round */
	uint8_t answered; /* of those, the classes that answered in a lost round */
	uint8_t ever; /* the classes that answered at any time in the slot */
	bool carrier_down;
	bool no_address; /* most lost rounds were refused for want of an address or a route */
	/* At the slot's end, and its last round was lost: of earlier ones that says nothing. */
	bool gateway_resolved; /* ARP or ND had the gateway */
	bool gateway_failed; /* ARP or ND had asked for the gateway in vain */
};

/* Pure. A round is made when an internet target was asked in it (refused by the router itself
 * counts as asked), and lost when none answered. A STAMP reflector counts only when it answered. */
struct evidence evidence_of(const struct slot *slot);

/* Whether figures of RTT and loss are made of this probe: follow-ups are sent because a round was
 * lost, and what the router itself refused was never sent. */
bool evidence_publishes(const struct slot *slot, const struct probe *probe);

/* The cause of a bad slot. `ever`: classes that ever answered on this link, as in evidence.ever. A
 * class that never answered, or was not asked, leaves the word to the next one outward. */
enum down_cause evidence_cause(const struct evidence *evidence, uint8_t ever);

#endif
