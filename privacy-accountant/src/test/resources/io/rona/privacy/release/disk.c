/*
 * Stands between a process and its disk (LD_PRELOAD): numbers every call that changes a file below
 * one directory, lets one of them fail, and keeps a record of those that went through.
 *
 * RONA_DISK_DIRECTORY  the directory; other files are left alone
 * RONA_DISK_FAULT      NUMBER:HOW, the call that fails and how:
 *                      eio   it fails once, and nothing is done
 *                      full  half of it is written, and from then on nothing can be written or made
 *                      kill  the process ends before the call
 *                      torn  half of it is written, or the whole of another call done, and it ends
 * RONA_DISK_RECORD     file of the record: per call one byte of kind, 0/1 for a synchronous file,
 *                      two paths, the offset, the data; lengths and offset as 8 bytes, least first
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NONE, EIO_ONCE, FULL, KILL, TORN };

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static const char *directory;
static long fault_at, calls;
static int how = NONE, record = -1, full;

__attribute__((constructor)) static void start(void) {
  directory = getenv("RONA_DISK_DIRECTORY");
  const char *fault = getenv("RONA_DISK_FAULT");
  const char *file = getenv("RONA_DISK_RECORD");
  if (fault) {
    static const char *names[] = {"", "eio", "full", "kill", "torn"};
    char name[8] = "";
    if (sscanf(fault, "%ld:%7s", &fault_at, name) != 2) abort();
    for (how = TORN; how > NONE && strcmp(names[how], name); how--) {}
    if (how == NONE) abort();
  }
  if (file) {
    record = syscall(SYS_openat, AT_FDCWD, file, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (record < 0) abort();
  }
}

static int below(const char *path) {
  size_t length = directory ? strlen(directory) : 0;
  return length && path && !strncmp(path, directory, length) &&
         (path[length] == '/' || path[length] == 0);
}

/* The path of an open file, empty if it has none. */
static const char *path_of(int fd, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  path[length < 0 ? 0 : length] = 0;
  return path;
}

static void end(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

/* Counts a call; returns how it shall fail, NONE if it shall not. */
static int fault(void) {
  if (++calls != fault_at) return NONE;
  if (how == KILL) end();
  full = how == FULL;
  return how;
}

static void put(const void *bytes, size_t length) {
  if (syscall(SYS_write, record, bytes, length) != (long) length) abort();
}

static void put_block(const void *bytes, uint64_t length) {
  put(&length, sizeof length);
  if (length) put(bytes, length);
}

static void keep(
    char kind, int synchronous, const char *path, const char *to, int64_t at, const void *data,
    size_t length) {
  if (record < 0) return;
  char head[2] = {kind, (char) synchronous};
  put(head, sizeof head);
  put_block(path, strlen(path));
  put_block(to, strlen(to));
  put(&at, sizeof at);
  put_block(data, length);
}

/* A call on names or on a whole file, which has no half. */
static long whole(char kind, const char *path, const char *to, int64_t at, long number, long a,
                  long b, long c, long d) {
  int saved;
  pthread_mutex_lock(&one_at_a_time);
  int fails = fault();
  long result = -1;
  if (fails == EIO_ONCE) {
    errno = EIO;
  } else if (full && (kind == 'C' || kind == 'L')) {
    errno = ENOSPC;
  } else {
    result = syscall(number, a, b, c, d);
    if (fails == TORN) end();
    saved = errno;
    if (result >= 0) keep(kind, 0, path, to, at, "", 0);
    errno = saved;
  }
  saved = errno;
  pthread_mutex_unlock(&one_at_a_time);
  errno = saved;
  return result;
}

static ssize_t write_at(int fd, const char *path, const void *data, size_t n, off_t at, int seeks) {
  pthread_mutex_lock(&one_at_a_time);
  int fails = fault();
  ssize_t result = -1;
  size_t most = fails == FULL || fails == TORN ? n / 2 : n;
  if (fails == EIO_ONCE) {
    errno = EIO;
  } else if (full && (fails != FULL || most == 0)) {
    errno = ENOSPC;
  } else {
    off_t from = seeks ? lseek(fd, 0, SEEK_CUR) : at;
    result = seeks ? syscall(SYS_write, fd, data, most) : syscall(SYS_pwrite64, fd, data, most, at);
    if (fails == TORN) end();
    int synchronous = (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
    if (result > 0) keep('W', synchronous, path, "", from, data, result);
  }
  int saved = errno;
  pthread_mutex_unlock(&one_at_a_time);
  errno = saved;
  return result;
}

ssize_t write(int fd, const void *data, size_t n) {
  char path[PATH_MAX];
  if (fd == STDOUT_FILENO) {
    pthread_mutex_lock(&one_at_a_time);
    ssize_t result = syscall(SYS_write, fd, data, n);
    if (result > 0) keep('P', 0, "", "", 0, data, result);
    pthread_mutex_unlock(&one_at_a_time);
    return result;
  }
  if (directory && below(path_of(fd, path))) return write_at(fd, path, data, n, 0, 1);
  return syscall(SYS_write, fd, data, n);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  char path[PATH_MAX];
  if (!directory || !below(path_of(fd, path))) return syscall(SYS_writev, fd, parts, count);
  int i = 0;
  while (i < count - 1 && parts[i].iov_len == 0) i++;
  return count > 0 ? write_at(fd, path, parts[i].iov_base, parts[i].iov_len, 0, 1) : 0;
}

ssize_t pwrite64(int fd, const void *data, size_t n, off_t at) {
  char path[PATH_MAX];
  if (directory && below(path_of(fd, path))) return write_at(fd, path, data, n, at, 0);
  return syscall(SYS_pwrite64, fd, data, n, at);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at) { return pwrite64(fd, data, n, at); }

static int on_file(char kind, int fd, long number, off_t at) {
  char path[PATH_MAX];
  if (!directory || !below(path_of(fd, path))) return syscall(number, fd, at, 0, 0);
  return whole(kind, path, "", at, number, fd, at, 0, 0);
}

int fsync(int fd) { return on_file('S', fd, SYS_fsync, 0); }
int fdatasync(int fd) { return on_file('S', fd, SYS_fdatasync, 0); }
int ftruncate64(int fd, off_t length) { return on_file('T', fd, SYS_ftruncate, length); }
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int on_names(char kind, const char *path, const char *to, long number, long a, long b,
                    long c, long d) {
  if (!below(path)) return syscall(number, a, b, c, d);
  return whole(kind, path, to, 0, number, a, b, c, d);
}

int unlink(const char *path) {
  return on_names('U', path, "", SYS_unlinkat, AT_FDCWD, (long) path, 0, 0);
}

int rename(const char *from, const char *to) {
  return on_names('R', from, to, SYS_renameat, AT_FDCWD, (long) from, AT_FDCWD, (long) to);
}

int link(const char *from, const char *to) {
  if (!below(from)) return syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
  return on_names('L', from, to, SYS_linkat, AT_FDCWD, (long) from, AT_FDCWD, (long) to);
}

static int open_at(int at, const char *path, int flags, mode_t mode) {
  int there = below(path) && access(path, F_OK) == 0;
  char kind = !below(path) ? 0 : there ? (flags & O_TRUNC ? 'T' : 0) : (flags & O_CREAT ? 'C' : 0);
  if (!kind) return syscall(SYS_openat, at, path, flags, mode);
  return whole(kind, path, "", 0, SYS_openat, at, (long) path, flags, mode);
}

#define MODE(last) \
  va_list list; \
  va_start(list, last); \
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
  va_end(list);

int open(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_at(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_at(at, path, flags, mode); }
