/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feeds every file of the folders on the command line to a fuzzer's entry point, so that what a
 * fuzzer once found is tried in each test run, with any compiler.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/file.h"
#include "tests/fuzz/fuzz.h"

#define INPUT_MAX (1024 * 1024)

static int replay_file(const char *path)
{
	struct err err = {0};
	uint8_t *bytes;
	size_t length;

	if (file_read(path, INPUT_MAX, &bytes, &length, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	printf("%s\n", path);
	fflush(stdout); /* so that the last line names the file that ended us */
	LLVMFuzzerTestOneInput(bytes, length);
	free(bytes);
	return 0;
}

/* How many files were replayed; negative when one could not be read. */
static int replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[4096];
	int count = 0;

	if (!dir) {
		perror(folder);
		return -1;
	}
	while (count >= 0 && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (file_join(path, sizeof path, folder, entry->d_name) < 0 ||
			replay_file(path) < 0)
			count = -1;
		else
			count++;
	}
	closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	int i, count;

	for (i = 1; i < argc; i++) {
		count = replay_folder(argv[i]);
		if (count <= 0) {
			fprintf(stderr, "%s: nothing to replay\n", argv[i]);
			return 1;
		}
		printf("%s: %d inputs\n", argv[i], count);
	}
	return argc > 1 ? 0 : 2;
}
