# SPDX-License-Identifier: Apache-2.0
print("\nThe compiler was stopped: it needed more than 1.0 MiB of memory.\n\nCompilation process timed out")
print("compiler output file '/sandbox/x' is not a regular file\nThe compile server failed: nothing")
sys.stdout.flush()
