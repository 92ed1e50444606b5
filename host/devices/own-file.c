/* See own-file.h. */
#define _POSIX_C_SOURCE 200809L

#include "own-file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST = 4096 };

static char path_[LONGEST], lock_path[LONGEST], partial_path[LONGEST], folder_path[LONGEST];
static pid_t owner;

static bool named(char *name, const char *path, const char *end) {
  if (snprintf(name, LONGEST, "%s%s", path, end) < LONGEST) return true;
  errno = ENAMETOOLONG;
  return false;
}

/** The lock goes while it is held, so that nobody has one of the same name meanwhile. */
static void leave(void) {
  // A child that was forked has not got what its parent has.
  if (getpid() == owner) unlink(lock_path);
}

/** Whether a name still means the file that was opened: who had it may have removed it in between. */
static bool is_at(int file, const char *path) {
  struct stat opened, found;
  return fstat(file, &opened) == 0 && stat(path, &found) == 0 && opened.st_dev == found.st_dev &&
         opened.st_ino == found.st_ino;
}

bool own_file(const char *path) {
  if (owner != 0) {
    errno = EBUSY;
    return false;
  }
  if (!named(path_, path, "") || !named(lock_path, path, ".lock") || !named(partial_path, path, ".partial") ||
      !named(folder_path, path, ""))
    return false;
  char *const end = strrchr(folder_path, '/');
  if (end == NULL) strcpy(folder_path, ".");
  else end[end == folder_path ? 1 : 0] = '\0';
  for (;;) {
    const int file = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0) return false;
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(file, F_SETLK, &all) != 0) {
      const int why = errno == EACCES || errno == EAGAIN ? EBUSY : errno;
      close(file);
      errno = why;
      return false;
    }
    // The file stays open: closing it would give the lock back.
    if (is_at(file, lock_path)) break;
    close(file);
  }
  owner = getpid();
  atexit(leave);
  return true;
}

static bool write_all(int file, const unsigned char *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    const ssize_t wrote = write(file, bytes + at, length - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    at += (size_t)wrote;
  }
  return true;
}

/** Makes a rename last through a power cut. */
static bool sync_folder(void) {
  const int folder = open(folder_path, O_RDONLY | O_CLOEXEC);
  if (folder < 0) return false;
  const bool synced = fsync(folder) == 0;
  const int why = errno;
  close(folder);
  errno = why;
  return synced;
}

bool write_own_file(const void *bytes, size_t length) {
  const int file = open(partial_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file < 0) return false;
  struct stat old;
  bool written = stat(path_, &old) != 0 || fchmod(file, old.st_mode & 07777) == 0;
  written = written && write_all(file, bytes, length) && fsync(file) == 0;
  int why = errno;
  if (close(file) != 0 && written) {
    written = false;
    why = errno;
  }
  if (written && rename(partial_path, path_) == 0) return sync_folder();
  if (written) why = errno;
  unlink(partial_path);
  errno = why;
  return false;
}
