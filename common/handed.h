/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listening sockets that the service manager opened and hands over, as systemd documents it
 * (LISTEN_PID, LISTEN_FDS, descriptors from 3 on): they stay open while the process is replaced,
 * and who connects meanwhile waits in line instead of being refused.
 */
#ifndef PANTAU_COMMON_HANDED_H
#define PANTAU_COMMON_HANDED_H

#include <stddef.h>
#include <sys/socket.h>

#define HANDED_MAX 16

struct handed {
	size_t count;
	int fds[HANDED_MAX]; /* listening TCP sockets; -1: taken */
};

/* What was handed to this process, if anything: no child inherits it. Once; not thread-safe. */
void handed_find(struct handed *ret);
/* The one that listens on the address and port, which is the caller's from now on; or -1. */
int handed_take(struct handed *handed, const struct sockaddr *address);
/* Any that is left, or -1. */
int handed_take_any(struct handed *handed);

#endif
