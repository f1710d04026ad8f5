/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/helper.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/errands/sample_text.h"
#include "agent/run_once.h"

struct helper {
	struct run_once *run;
	void (*done)(void *arg, const char *text, size_t length, int status);
	void *arg;
};

/* A name alone stands beside this very program, wherever that was installed. */
static int find_program(const char *configured, char ret_path[PATH_MAX])
{
	char own[PATH_MAX];
	ssize_t length = 0;
	char *slash;

	if (strchr(configured, '/'))
		length = snprintf(ret_path, PATH_MAX, "%s", configured);
	else if ((length = readlink("/proc/self/exe", own, sizeof(own) - 1)) > 0) {
		own[length] = '\0';
		slash = strrchr(own, '/');
		*slash = '\0';
		length = snprintf(ret_path, PATH_MAX, "%s/%s", own, configured);
	}
	if (length <= 0 || length >= PATH_MAX || !*configured)
		return -ENOENT;
	return access(ret_path, X_OK) == 0 ? 0 : -ENOENT;
}

bool helper_is_there(const char *program)
{
	char path[PATH_MAX];

	return find_program(program, path) == 0;
}

static void on_done(void *arg, const struct run_once_result *result)
{
	struct helper *helper = arg;
	int status = 0;

	if (result->end == RUN_ONCE_DEADLINE)
		status = -ETIMEDOUT;
	else if (result->end != RUN_ONCE_EXITED || result->exit_status != 0)
		status = -ECHILD;
	helper->done(helper->arg, result->output, result->length, status);
	free(helper);
}

int helper_start(const struct helper_settings *settings,
	void (*done)(void *arg, const char *text, size_t length, int status), void *arg,
	struct helper **ret_helper)
{
	const char *words[HELPER_WORDS_MAX + 2];
	struct run_once_settings run = {
		.loop = settings->loop,
		.argv = words,
		.deadline_ms = settings->limit_ms + HELPER_MARGIN_MS,
		.output_bytes_max = SAMPLE_TEXT_MAX,
	};
	struct helper *helper;
	char path[PATH_MAX];
	size_t count = 0;
	int status = find_program(settings->program, path);

	if (status < 0)
		return status;
	words[count++] = path;
	for (size_t i = 0; settings->words[i] && count <= HELPER_WORDS_MAX; i++)
		words[count++] = settings->words[i];
	words[count] = NULL;
	helper = calloc(1, sizeof(*helper));
	if (!helper)
		return -ENOMEM;
	helper->done = done;
	helper->arg = arg;
	status = run_once_start(&run, on_done, helper, &helper->run);
	if (status < 0) {
		free(helper);
		return status;
	}
	*ret_helper = helper;
	return 0;
}

void helper_cancel(struct helper *helper)
{
	if (!helper)
		return;
	run_once_cancel(helper->run);
	free(helper);
}
