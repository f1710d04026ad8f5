/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/load/served.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>

/* The clock ticks of /proc/PID/stat are too coarse. */
uint64_t served_cpu_ns(pid_t pid)
{
	char path[300];
	uint64_t sum = 0, one;
	struct dirent *task;
	FILE *file;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (task = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", pid, task->d_name);
		file = task->d_name[0] == '.' ? NULL : fopen(path, "r");
		if (file && fscanf(file, "%" SCNu64, &one) == 1)
			sum += one;
		if (file)
			fclose(file);
	}
	if (dir)
		closedir(dir);
	return sum;
}

uint64_t served_private_bytes(pid_t pid)
{
	char line[256];
	uint64_t sum = 0, kib;
	FILE *file;

	snprintf(line, sizeof(line), "/proc/%d/smaps_rollup", pid);
	file = fopen(line, "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Private_%*[^:]: %" SCNu64, &kib) == 1)
			sum += kib * 1024;
	if (file)
		fclose(file);
	return sum;
}
