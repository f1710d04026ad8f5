/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/question.h"

#include <string.h>

bool target_same(const struct target *a, const struct target *b)
{
	return a->class == b->class && a->port == b->port &&
		a->address.length == b->address.length &&
		memcmp(a->address.bytes, b->address.bytes, a->address.length) == 0;
}
