# SPDX-License-Identifier: Apache-2.0
for directory in (os.environ["HOME"], "/var/tmp", "/var/cache", "/usr/local/lib", "/usr/lib", "/root", SHOWN):
    for below in ("", ".cache", ".local", ".ccache", ".m2", ".nuget", ".cargo", ".gradle"):
        path = os.path.join(directory, below)
        judge(os.path.exists(os.path.join(path, "poison")), "somebody was here: " + path)
        try:
            open(os.path.join(path, "poison"), "w").close()
        except OSError:
            continue
        judge(not os.path.realpath(path).startswith("/sandbox"), "can write to " + path)
