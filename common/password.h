/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords of people: what is asked of one, how it is kept (never itself: scrypt, with its cost
 * and salt beside it), and one made up for a newcomer. Who keeps accounts is not known here.
 *
 *	scrypt$15$8$1$<salt, 32 digits>$<key, 64 digits>
 */
#ifndef PANTAU_COMMON_PASSWORD_H
#define PANTAU_COMMON_PASSWORD_H

#include <stdbool.h>

#include "common/err.h"

#define PASSWORD_MIN 12 /* bytes: with the throttle no list of common words gets that far */
#define PASSWORD_MAX 128 /* bytes: longer than any manager makes them */
#define PASSWORD_KEPT_BYTES 128
#define PASSWORD_MADE_BYTES 20 /* "xxxx-xxxx-xxxx-xxxx" */
#define PASSWORD_MEMORY_MIB 32 /* that one check takes */

/* Whether it may be this account's. -EINVAL with words, which do not repeat it. */
int password_check(const char *account, const char *password, struct err *err);
/* As it is kept. Takes about a tenth of a second and PASSWORD_MEMORY_MIB. 0, -ENOMEM, -EIO. */
int password_keep(const char *password, char ret_kept[PASSWORD_KEPT_BYTES]);
/* Whether it is the one that is kept. `kept` NULL or damaged: never, after as much work. */
bool password_matches(const char *password, const char *kept);
/* 80 random bits that can be read out over the phone: no l, 1, o, 0. 0 or -EIO. */
int password_make(char ret_password[PASSWORD_MADE_BYTES]);

#endif
