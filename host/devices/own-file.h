/*
 * A file that one process writes, whole or not at all: checkpoints of hosts with files. POSIX.
 *
 * Beside PATH there is PATH.lock while a process has the file, locked by the system, which forgets the lock when the
 * process ends, however it does; and PATH.partial while it is written. Both names belong to who has the file.
 */
#ifndef OWN_FILE_H
#define OWN_FILE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Takes a file for this process until it ends; one file a process. False with errno when that cannot be, EBUSY when
 * another process has it.
 */
bool own_file(const char *path);

/**
 * Replaces the bytes of the file that own_file() took: beside it first, onto the disk, then in its place, so that a
 * power cut leaves the old bytes or the new ones. Permissions stay. False with errno, and the old bytes, when not.
 */
bool write_own_file(const void *bytes, size_t length);

#endif
