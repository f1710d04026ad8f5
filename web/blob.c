/* SPDX-License-Identifier: Apache-2.0 */
#include "web/blob.h"

#include <stdlib.h>
#include <string.h>

struct blob *blob_new(const void *bytes, size_t length)
{
	struct blob *blob = malloc(sizeof(*blob) + length);

	if (!blob)
		return NULL;
	atomic_init(&blob->references, 1);
	blob->length = length;
	if (length)
		memcpy(blob->bytes, bytes, length);
	return blob;
}

struct blob *blob_take(struct blob *blob)
{
	atomic_fetch_add(&blob->references, 1);
	return blob;
}

void blob_drop(struct blob *blob)
{
	if (blob && atomic_fetch_sub(&blob->references, 1) == 1)
		free(blob);
}
