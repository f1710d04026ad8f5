/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that several answers share while they are sent: a hundred slow readers of one table hold it
 * in memory once. Freed when the last reference is dropped.
 */
#ifndef PANTAU_WEB_BLOB_H
#define PANTAU_WEB_BLOB_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct blob {
	atomic_size_t references;
	size_t length;
	uint8_t bytes[]; /* never change */
};

/* Copies; one reference, the caller's. NULL: out of memory. */
struct blob *blob_new(const void *bytes, size_t length);
/* One more reference. */
struct blob *blob_take(struct blob *blob);
/* Accepts NULL. */
void blob_drop(struct blob *blob);

#endif
