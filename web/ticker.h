/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that calls a function again and again, until it is stopped. */
#ifndef PANTAU_WEB_TICKER_H
#define PANTAU_WEB_TICKER_H

#include "common/err.h"

struct ticker;

/* The first call comes after every_ms; the wait begins anew after each call. */
int ticker_start(unsigned every_ms, void (*tick)(void *arg), void *arg, struct ticker **ret_ticker,
	struct err *err);
/* Waits for a call under way. No call comes afterwards. */
void ticker_stop(struct ticker *ticker);

#endif
