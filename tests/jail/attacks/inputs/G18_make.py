# SPDX-License-Identifier: Apache-2.0
open("Makefile", "w").write(
    "X := $(shell id >make_ran)\nall:\n\techo made >" + OUT + "; (sleep 60 &); cp /bin/sh ./sh2; chmod 4755 sh2 || :\n"
)
result = os.system("make -s")
judge(os.stat("sh2").st_mode & stat.S_ISUID != 0, "a set-user-ID shell")
judge(not os.path.exists("make_ran") or result != 0, "make ran")
