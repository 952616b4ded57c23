/* SPDX-License-Identifier: GPL-2.0 */
/*
 * message.h - errors and warnings on stderr, lines with names of files on stdout
 *
 * Unless its comment says otherwise, a function of the tool that returns int
 * returns 0 or a negative errno, and has printed the error.
 */
#ifndef PSW_TOOLS_MESSAGE_H
#define PSW_TOOLS_MESSAGE_H

__attribute__((format(printf, 1, 2))) void say(const char *format, ...);
__attribute__((format(printf, 1, 2))) void error(const char *format, ...);
__attribute__((format(printf, 1, 2))) void warning(const char *format, ...);

#endif /* PSW_TOOLS_MESSAGE_H */
