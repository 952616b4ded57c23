/* SPDX-License-Identifier: GPL-2.0 */
/*
 * message.h - what the tool tells its user on stderr
 */
#ifndef PSW_TOOLS_MESSAGE_H
#define PSW_TOOLS_MESSAGE_H

__attribute__((format(printf, 1, 2))) void error(const char *format, ...);
__attribute__((format(printf, 1, 2))) void warning(const char *format, ...);

#endif /* PSW_TOOLS_MESSAGE_H */
