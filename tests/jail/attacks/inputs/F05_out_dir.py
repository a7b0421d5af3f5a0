# SPDX-License-Identifier: Apache-2.0
os.makedirs(OUT + "/sub")
open(OUT + "/sub/f", "w").close()
