/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probe/rights.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY 65534 /* on every Linux; looked up nowhere */
#define DESCRIPTORS \
	32 /* a resolver's socket, the server's, a bundle of certificates, libcurl's own */
#define DESCRIPTORS_SWEPT 1024 /* where the kernel cannot close a range: the usual limit */
#define FILE_BYTES (64 * 1024) /* a person may send its output to a file */
#ifdef __SANITIZE_ADDRESS__
/* The sanitizer's shadow is larger than any machine; its search for leaks looks on from a process
 * of its own. */
#define MEMORY_BYTES RLIM_INFINITY
#define PROCESSES RLIM_INFINITY
#define DUMPABLE 1
#else
#define MEMORY_BYTES (192UL << 20) /* of addresses; 12 MB are really used */
#define PROCESSES 0
#define DUMPABLE 0
#endif

static void close_descriptors(void)
{
	if (syscall(SYS_close_range, 3, ~0U, 0) == 0)
		return;
	for (int fd = 3; fd < DESCRIPTORS_SWEPT; fd++)
		close(fd);
}

/* Root without the capability stays what it is: without capabilities, no more than its name. */
static int become_nobody(void)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
		setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return errno == EPERM ? 0 : -errno;
	return 0;
}

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[2] = {0};

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return syscall(SYS_capset, &header, none) < 0 ? -errno : 0;
}

static int set_limits(unsigned seconds)
{
	const struct {
		int what;
		rlim_t most;
	} limits[] = {
		{RLIMIT_AS, MEMORY_BYTES},
		{RLIMIT_CPU, seconds},
		{RLIMIT_NOFILE, DESCRIPTORS},
		{RLIMIT_FSIZE, FILE_BYTES},
		{RLIMIT_CORE, 0},
		{RLIMIT_NPROC, PROCESSES},
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit;

		/* Who starts it may have bounded it more tightly. */
		if (getrlimit(limits[i].what, &limit) < 0)
			return -errno;
		if (limits[i].most < limit.rlim_max)
			limit.rlim_max = limits[i].most;
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(limits[i].what, &limit) < 0)
			return -errno;
	}
	return 0;
}

int rights_drop(unsigned seconds)
{
	int status;

	close_descriptors();
	status = become_nobody();
	if (status == 0)
		status = drop_capabilities();
	if (status == 0)
		status = set_limits(seconds);
	prctl(PR_SET_DUMPABLE, DUMPABLE, 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* forgotten when the user changes: last */
	signal(SIGPIPE, SIG_IGN);
	alarm(seconds);
	return status;
}
