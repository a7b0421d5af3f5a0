# SPDX-License-Identifier: Apache-2.0
# Two jobs that agree on a place: whatever one of them leaves the other must not find.
for directory in ("/tmp", "/var/tmp", "/dev/shm", os.environ["HOME"], os.environ["TMPDIR"], ".", "/sandbox", SHOWN):
    path = directory + "/left-by-a-job"
    # What is younger has just been made, under another name of the same directory.
    judge(os.path.exists(path) and os.stat(path).st_ctime < os.stat("/proc/self").st_ctime - 1, path)
    try:
        open(path, "w").write("CANARY")
    except OSError:
        pass
time.sleep(0.1)
