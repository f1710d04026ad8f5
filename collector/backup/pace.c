/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/pace.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"

/* <linux/ioprio.h> has them since 6.0 only */
#define IOPRIO_OF_PROCESS 1
#define IOPRIO_IDLE (3 << 13)
#define NICEST 19

void pace_yield(void)
{
	setpriority(PRIO_PROCESS, 0, NICEST);
	syscall(SYS_ioprio_set, IOPRIO_OF_PROCESS, 0, IOPRIO_IDLE);
}

static void rest(void *arg, uint64_t bytes)
{
	struct pace *pace = arg;
	uint64_t spent_us, due_us;

	pace->bytes += bytes;
	if (!pace->bytes_per_s)
		return;
	spent_us = clock_boot_us() - pace->began_us;
	due_us = pace->bytes * 1000000 / pace->bytes_per_s;
	if (due_us > spent_us) {
		uint64_t wait_us = due_us - spent_us;
		struct timespec wait = {
			(time_t)(wait_us / 1000000), (long)(wait_us % 1000000) * 1000};

		nanosleep(&wait, NULL);
	}
}

struct db_pace pace_begin(struct pace *pace, uint64_t bytes_per_s)
{
	*pace = (struct pace){.bytes_per_s = bytes_per_s, .began_us = clock_boot_us()};
	return (struct db_pace){rest, pace};
}
