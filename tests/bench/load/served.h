/* SPDX-License-Identifier: Apache-2.0 */
/* What a server's process has used so far, from /proc: all its threads. */
#ifndef PANTAU_TESTS_BENCH_LOAD_SERVED_H
#define PANTAU_TESTS_BENCH_LOAD_SERVED_H

#include <stdint.h>
#include <sys/types.h>

uint64_t served_cpu_ns(pid_t pid);
uint64_t served_private_bytes(pid_t pid);

#endif
