# SPDX-License-Identifier: Apache-2.0
open(OUT, "w").write("#!/bin/sh\nid\n")
attempt("chmod u+s", os.chmod, OUT, 0o4777)
attempt("chmod g+s", os.chmod, OUT, 0o2777)
result, error = call(452, -100, ctypes.c_char_p(OUT.encode()), 0o4777, 0)
judge(result == 0, "fchmodat2 u+s", error)
capability = b"\x01\x00\x00\x02" + b"\xff" * 16
attempt("a file capability", os.setxattr, OUT, b"security.capability", capability)
os.close(os.open("other", os.O_CREAT | os.O_WRONLY, 0o6777))
os.rename("other", OUT)
info("mode %o" % os.stat(OUT).st_mode)
