/* SPDX-License-Identifier: GPL-2.0 */
/*
 * commands.h - all commands of pmemswap-fmt
 */
#ifndef PSW_TOOLS_COMMANDS_H
#define PSW_TOOLS_COMMANDS_H

#include "command.h"

extern const struct command cmd_format;
extern const struct command cmd_inspect;
extern const struct command cmd_check;
extern const struct command cmd_wear;
extern const struct command cmd_scrub;
extern const struct command cmd_wipe;
extern const struct command cmd_list;

#endif /* PSW_TOOLS_COMMANDS_H */
