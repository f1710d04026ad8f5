/* SPDX-License-Identifier: Apache-2.0 */
/* When an errand of many routers comes: never all at once. */
#ifndef PANTAU_AGENT_ERRANDS_PAUSES_H
#define PANTAU_AGENT_ERRANDS_PAUSES_H

#include <stdint.h>

/* Milliseconds until the first time: somewhere in the first half of the interval, as a power cut
 * or a new configuration starts them all together, and one that restarts often shall come to it
 * too. */
uint64_t pauses_first_ms(long long interval_s);
/* Until the next time: the interval, a fifth more or less. */
uint64_t pauses_next_ms(long long interval_s);

#endif
