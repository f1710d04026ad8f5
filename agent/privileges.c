/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/file.h"

/* Root that stays root reads keys and folders of others as before; its helper can become nobody,
 * and can be killed then. */
#define ROOT_KEEPS                                                               \
	(1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH | 1U << CAP_FOWNER | \
		1U << CAP_SETUID | 1U << CAP_SETGID | 1U << CAP_KILL)

static int give_folders(
	const struct passwd *to, const char *const *folders, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		int status = file_make_folder(folders[i], 0750, err);

		if (status < 0)
			return status;
		if (chown(folders[i], to->pw_uid, to->pw_gid) < 0)
			return err_errno(
				err, -errno, "%s: cannot be given to %s", folders[i], to->pw_name);
	}
	return 0;
}

static int become(const char *user, const char *const *folders, size_t count, struct err *err)
{
	const struct passwd *to = getpwnam(user);
	int status;

	if (!to)
		return err_set(err, -ENOENT, "[agent] user = %s: there is no such user", user);
	status = give_folders(to, folders, count, err);
	if (status < 0)
		return status;
	if (initgroups(user, to->pw_gid) < 0 || setgid(to->pw_gid) < 0 || setuid(to->pw_uid) < 0)
		return err_errno(err, -errno, "cannot become %s", user);
	return 0;
}

static int drop_capabilities(struct err *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	uint32_t keeps = geteuid() == 0 ? ROOT_KEEPS : 0;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capget, &header, data) < 0)
		return err_errno(err, -errno, "capabilities cannot be read");
	for (size_t i = 0; i < 2; i++) {
		data[i].permitted &= i == 0 ? keeps : 0;
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &header, data) < 0)
		return err_errno(err, -errno, "capabilities cannot be dropped");
	return 0;
}

int privileges_drop(const char *user, const char *const *folders, size_t count, struct err *err)
{
	if (*user && geteuid() == 0) {
		int status = become(user, folders, count, err);

		if (status < 0)
			return status;
	}
	return drop_capabilities(err);
}
