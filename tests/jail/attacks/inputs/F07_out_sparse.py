# SPDX-License-Identifier: Apache-2.0
with open(OUT, "wb") as file:
    attempt("a sparse file of 1 TB", file.truncate, 1 << 40)
