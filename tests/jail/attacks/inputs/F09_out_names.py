# SPDX-License-Identifier: Apache-2.0
for name in ("-rf", "a\nb", "\xff\xfe", "...", " ", "$(id)", "`id`", "out;id", "CON", '"', "'", "<x>", "%s%n"):
    open(name, "w").close()
open(OUT, "w").write("the only one")
