/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/missing.h"

#include "common/clock.h"

#define DAY_US (86400ULL * 1000000)

bool missing_is_news(struct missing *missing, size_t wan)
{
	uint64_t now_us = clock_boot_us();

	if (missing->told_us[wan] && now_us - missing->told_us[wan] < DAY_US)
		return false;
	missing->told_us[wan] = now_us;
	return true;
}
