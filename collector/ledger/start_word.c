/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/start_word.h"

/* What the hardware says goes before what follows from the rest; but a boot that was asked for was
 * no reset, and within a boot the start's word tells of that boot's beginning. */
enum start_word start_word_of(const struct start_facts *facts)
{
	if (facts->first)
		return START_FIRST;
	if (!facts->same_boot && !facts->stopped && facts->reset == RESET_WATCHDOG)
		return START_WATCHDOG;
	if (!facts->same_boot && !facts->stopped && facts->reset == RESET_PANIC)
		return START_PANIC;
	if (facts->other_software)
		return START_UPGRADE;
	if (facts->same_boot)
		return facts->stopped ? START_RESTART : START_CRASH;
	return facts->stopped ? START_REBOOT : START_POWER;
}

const char *start_word_name(enum start_word word)
{
	static const char *const names[START_WORD_COUNT] = {
		[START_FIRST] = "first",
		[START_POWER] = "power",
		[START_REBOOT] = "reboot",
		[START_WATCHDOG] = "watchdog",
		[START_PANIC] = "panic",
		[START_CRASH] = "crash",
		[START_UPGRADE] = "upgrade",
		[START_RESTART] = "restart",
	};

	return names[word];
}
