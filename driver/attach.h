/* SPDX-License-Identifier: GPL-2.0 */
/*
 * attach.h - the regions that are attached
 */
#ifndef PSW_ATTACH_H
#define PSW_ATTACH_H

int psw_attach(const char *path);
int psw_attach_prepare(const char *path);
void psw_attach_publish(void);
void psw_attach_discard(void);
int psw_detach(int id);
int psw_attach_hibernate(void);
void psw_attach_suspend(void);
void psw_attach_shutdown(void);

#endif /* PSW_ATTACH_H */
