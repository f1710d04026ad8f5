/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the page, each a heading and its lines. */
#ifndef PANTAU_EXPLAIN_TEXT_PRIVATE_H
#define PANTAU_EXPLAIN_TEXT_PRIVATE_H

#include "collector/explain/explain_text.h"

/* explain_text_facts.c */
void text_pieces(struct words *words, const struct explanation *out);
void text_hole(struct words *words, const struct explanation *out);
void text_slot(struct words *words, const struct explanation *out);
void text_clock(struct words *words, const struct explanation *out);

/* explain_text_beside.c */
void text_beside(struct words *words, const struct slot *slot);

/* explain_text_people.c */
void text_contract(struct words *words, const struct explanation *out);
void text_exclusions(struct words *words, const struct explanation *out);
void text_dispute(struct words *words, const struct explanation *out);
void text_outage(struct words *words, const struct explanation *out);

#endif
