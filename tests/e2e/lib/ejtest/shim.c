// SPDX-License-Identifier: Apache-2.0
// Preloaded into a server under test: lets system calls fail, drops what inotify would tell, and sets the clock.
// $EJF_SHIM is a directory. Its file `rules` has lines "CALL ERRNO PIECE": the call fails with that errno if the paths
// that it is about have the piece in them ("*": any). `drop-events`, if it is there, lets new watches see nothing.
// `clock` holds the seconds that the clock is ahead. All three may change at any time.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// Without the C library's own calls, which may be ours. Empty when there is no such file.
static void read_control(const char* name, char* text, size_t size) {
  char path[PATH_MAX];
  const char* directory = getenv("EJF_SHIM");
  text[0] = '\0';
  if (directory == NULL) return;
  snprintf(path, sizeof path, "%s/%s", directory, name);
  long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  long n = syscall(SYS_read, fd, text, size - 1);
  text[n < 0 ? 0 : n] = '\0';
  syscall(SYS_close, fd);
}

// The path of `name` in the directory `fd`, or of `fd` itself.
static void path_of(int fd, const char* name, char* path) {
  char link[64];
  long n = 0;
  if (name == NULL || (name[0] != '/' && fd != AT_FDCWD)) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = syscall(SYS_readlink, link, path, PATH_MAX - 1);
    if (n < 0) n = 0;
  }
  path[n] = '\0';
  if (name != NULL) snprintf(path + n, (size_t)(PATH_MAX - n), "%s%s", n > 0 ? "/" : "", name);
}

// True, with errno set, when the call is to fail.
static int fails(const char* call, const char* first, const char* second) {
  char rules[4096];
  char name[64];
  char piece[512];
  int error = 0;
  const int before = errno;
  read_control("rules", rules, sizeof rules);
  for (char* line = strtok(rules, "\n"); line != NULL; line = strtok(NULL, "\n")) {
    if (sscanf(line, "%63s %d %511s", name, &error, piece) != 3 || strcmp(name, call) != 0) continue;
    if (strcmp(piece, "*") != 0 && strstr(first, piece) == NULL && strstr(second, piece) == NULL) continue;
    errno = error;
    return 1;
  }
  errno = before;
  return 0;
}

static int fails_at(const char* call, int fd, const char* name) {
  char path[PATH_MAX];
  path_of(fd, name, path);
  return fails(call, path, "");
}

static int fails_at_both(const char* call, int fd, const char* name, int other_fd, const char* other_name) {
  char from[PATH_MAX];
  char to[PATH_MAX];
  path_of(fd, name, from);
  path_of(other_fd, other_name, to);
  return fails(call, from, to);
}

static mode_t mode_of(int flags, va_list list) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, mode_t) : 0;
}

int openat(int fd, const char* name, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  if (fails_at((flags & O_CREAT) != 0 ? "create" : "open", fd, name)) return -1;
  return REAL(openat)(fd, name, flags, mode);
}

int open(const char* name, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const mode_t mode = mode_of(flags, list);
  va_end(list);
  if (fails_at((flags & O_CREAT) != 0 ? "create" : "open", AT_FDCWD, name)) return -1;
  return REAL(open)(name, flags, mode);
}

// What calls become with _FORTIFY_SOURCE.
int __openat_2(int fd, const char* name, int flags) { return openat(fd, name, flags); }
int __open_2(const char* name, int flags) { return open(name, flags); }

int renameat(int from, const char* name, int to, const char* new_name) {
  if (fails_at_both("rename", from, name, to, new_name)) return -1;
  return REAL(renameat)(from, name, to, new_name);
}

int renameat2(int from, const char* name, int to, const char* new_name, unsigned flags) {
  if (fails_at_both("rename", from, name, to, new_name)) return -1;
  return REAL(renameat2)(from, name, to, new_name, flags);
}

int unlinkat(int fd, const char* name, int flags) {
  if (fails_at("unlink", fd, name)) return -1;
  return REAL(unlinkat)(fd, name, flags);
}

ssize_t write(int fd, const void* data, size_t size) {
  if (fails_at("write", fd, NULL)) return -1;
  return REAL(write)(fd, data, size);
}

ssize_t copy_file_range(int from, off64_t* from_at, int to, off64_t* to_at, size_t size, unsigned flags) {
  if (fails_at("write", to, NULL)) return -1;
  return REAL(copy_file_range)(from, from_at, to, to_at, size, flags);
}

int futimens(int fd, const struct timespec times[2]) {
  if (fails_at("touch", fd, NULL)) return -1;
  return REAL(futimens)(fd, times);
}

int syncfs(int fd) {
  if (fails_at("sync", fd, NULL)) return -1;
  return REAL(syncfs)(fd);
}

int memfd_create(const char* name, unsigned flags) {
  if (fails("memfd", name, "")) return -1;
  return REAL(memfd_create)(name, flags);
}

int inotify_init1(int flags) {
  if (fails("inotify", "", "")) return -1;
  return REAL(inotify_init1)(flags);
}

int inotify_add_watch(int fd, const char* name, uint32_t mask) {
  char path[PATH_MAX];
  const char* directory = getenv("EJF_SHIM");
  if (fails("watch", name, "")) return -1;
  snprintf(path, sizeof path, "%s/drop-events", directory != NULL ? directory : "");
  if (syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0) mask &= ~(uint32_t)(IN_CREATE | IN_MOVED_TO);
  return REAL(inotify_add_watch)(fd, name, mask);
}

static long seconds_ahead(void) {
  char text[64];
  read_control("clock", text, sizeof text);
  return strtol(text, NULL, 10);
}

int clock_gettime(clockid_t clock, struct timespec* now) {
  const int result = REAL(clock_gettime)(clock, now);
  if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec += seconds_ahead();
  return result;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  const int result = REAL(gettimeofday)(now, zone);
  if (result == 0) now->tv_sec += seconds_ahead();
  return result;
}

time_t time(time_t* result) {
  const time_t now = REAL(time)(NULL) + seconds_ahead();
  if (result != NULL) *result = now;
  return now;
}
