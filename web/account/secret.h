/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The secrets by which a browser or a script is known, and where in a request they stand. The
 * server keeps only a secret's hash; the token against forged changes follows from the session's
 * secret, so that nothing more is to be kept.
 */
#ifndef PANTAU_WEB_ACCOUNT_SECRET_H
#define PANTAU_WEB_ACCOUNT_SECRET_H

#include <stdbool.h>

#include "web/account/principal.h"

#define COOKIE_PLAIN "pantau_session"
/* Only a page of this very host, by HTTPS, can have set it: no sister site plants a session. */
#define COOKIE_SECURE "__Host-pantau_session"

/* 0 or -EIO. */
int secret_make(char ret_secret[SECRET_BYTES]);
int secret_hash(const char *secret, char ret_hash[REGISTRY_HEX_BYTES]);
int secret_csrf(const char *secret, char ret_csrf[SECRET_BYTES]);
bool secret_same(const char *a, const char *b); /* in a time that tells nothing */

/* The cookie's value, when it has the form of a secret. */
bool secret_in_cookie(const char *header, const char *name, char ret_secret[SECRET_BYTES]);
/* The token of "Bearer TOKEN". False: another scheme or form. */
bool secret_in_bearer(const char *header, char ret_secret[SECRET_BYTES]);

#endif
