// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <unistd.h>
int plugin_is_GPL_compatible;
__attribute__((constructor)) static void began(void) {
  fprintf(stderr, "INFO:a plugin runs in the compiler\n");
  fprintf(stderr, access("@PUBLIC@", F_OK) == 0 ? "VULN:host file\n" : "SAFE:host file\n");
}
int plugin_init(void *info, void *version) { return 0; }
