/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a scenario's line, and what they mean. Pure. */
#ifndef PANTAU_SWARM_WORDS_H
#define PANTAU_SWARM_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#define WORDS_MOMENT_MAX_S 10000000 /* four months */

/* The next word, in place; blanks between quotes are part of it, the quotes are not. NULL: there is
 * none, or a comment begins. */
char *words_next(char **rest);
/* "10", "10.5", "-90s", "5m", "2h", "3d" -> milliseconds. */
bool words_moment(const char *word, int64_t *ret_ms);
/* "19:30" -> milliseconds since midnight. */
bool words_time_of_day(const char *word, int64_t *ret_ms);
bool words_number(const char *word, double *ret);

#endif
