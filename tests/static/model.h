/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an analyzer, which reads one file at a time, can't know: that a function which returns what
 * err_set() gave it has failed. Without this each `return err_set(...)` might be a success, and all
 * that a success would have set is told as never set. Read before a source, but for common/err.c.
 */
#ifndef PANTAU_TESTS_STATIC_MODEL_H
#define PANTAU_TESTS_STATIC_MODEL_H

#include "common/err.h"

#define err_set(err, code, ...) (err_set(err, code, __VA_ARGS__), (code))
#define err_errno(err, code, ...) (err_errno(err, code, __VA_ARGS__), (code))
#define err_prefix(err, ...) (err_prefix(err, __VA_ARGS__), -1)

#endif
