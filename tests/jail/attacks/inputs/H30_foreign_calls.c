// SPDX-License-Identifier: Apache-2.0
// The same kernel by its other entrances: calls of the 32-bit ABI and of x32 have other numbers than the filter's. A
// kernel that runs no 32-bit code has no int 0x80, so that is a segmentation fault there.
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void by_int80(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L));
  if (result > 0) printf("VULN:int 0x80 gives %ld\n", result);
}

static void by_x32(void) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(39L | 0x40000000L) : "rcx", "r11", "memory");
  if (result > 0) printf("VULN:x32 gives %ld\n", result);
}

int main(void) {
  void (*const entrances[])(void) = {by_int80, by_x32};
  for (int i = 0; i < 2; ++i) {
    int status = 0;
    fflush(stdout);
    if (fork() == 0) {
      entrances[i]();
      fflush(stdout);
      _exit(0);
    }
    wait(&status);
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    const int is_closed = signal == SIGSYS || (signal == SIGSEGV && entrances[i] == by_int80);
    printf("%s:entrance %d, signal %d\n", is_closed ? "SAFE" : "VULN", i, signal);
  }
  puts("INFO:end");
  return 0;
}
