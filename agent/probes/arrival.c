/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/probes/arrival.h"

#include <errno.h>
#include <time.h> /* before errqueue.h, which does not bring its struct timespec along */

#include <linux/errqueue.h>
#include <string.h>

#define CONTROL_BYTES 128 /* timestamps alone */
#define TRIES 4 /* errors of earlier sendings that wait, one each */
#define NS_PER_S 1000000000LL

void arrival_timestamps(int fd)
{
	const int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
}

int64_t arrival_time(struct msghdr *message)
{
	for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control;
		control = CMSG_NXTHDR(message, control)) {
		struct timespec at;

		if (control->cmsg_level != SOL_SOCKET ||
			(control->cmsg_type != SCM_TIMESTAMPING &&
				control->cmsg_type != SCM_TIMESTAMPNS))
			continue;
		/* SCM_TIMESTAMPING holds three, the software one first. */
		memcpy(&at, CMSG_DATA(control), sizeof(at));
		return at.tv_sec * NS_PER_S + at.tv_nsec;
	}
	return 0;
}

bool arrival_read(int fd, struct arrival *ret_arrival)
{
	char control[CONTROL_BYTES] __attribute__((aligned(sizeof(size_t))));
	struct iovec part = {.iov_base = ret_arrival->bytes, .iov_len = ARRIVAL_BYTES};
	struct msghdr message = {
		.msg_name = &ret_arrival->from,
		.msg_namelen = sizeof(ret_arrival->from),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t length = -1;

	for (int i = 0; i < TRIES && length < 0; i++) {
		message.msg_controllen = sizeof(control);
		length = recvmsg(fd, &message, MSG_DONTWAIT);
		if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return false;
	}
	if (length < 0)
		return false;
	ret_arrival->length = (size_t)length;
	ret_arrival->utc_ns = arrival_time(&message);
	return true;
}
