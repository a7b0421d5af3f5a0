# SPDX-License-Identifier: Apache-2.0
refused("fanotify_init", 300, 0, 0)
refused("fanotify_mark", 301, -1, 1, 1, -100, 0)
instances = 0
while instances < 5000 and call(294, 0)[0] >= 0:
    instances += 1
info("%d instances of inotify" % instances)
