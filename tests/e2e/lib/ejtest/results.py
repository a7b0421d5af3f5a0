# SPDX-License-Identifier: Apache-2.0
"""What tests expect of an answer: status, report files, and a log without the names that differ from run to run."""

import re

from .harness import Failure, expect_equal


def normal(log, root=None):
    """Work names are the server's own choice; where they are is not a contestant's business. `root`: of the site."""
    if root is not None:
        log = log.replace(str(root), "SITE")
    log = re.sub(r"'/[^']*/(f[0-9a-f]{16})", r"'DIR/\1", log)
    return re.sub(r"f[0-9a-f]{16}", "fNAME", log)


def expect_result(result, status, log=None, files=(".txt", ""), root=None):
    expect_equal(result.status, status, "status (log: %r)" % result.log)
    expect_equal(sorted(result.files), sorted(files), "report files")
    if log is not None:
        expect_equal(normal(result.log, root), log, "log")


def check_table(rows, check):
    """`check(row)` for each; complaints of all rows together, each with the row's first item."""
    complaints = []
    for row in rows:
        try:
            check(row)
        except Failure as failure:
            complaints.append("%s: %s" % (row[0], failure))
    if complaints:
        raise Failure("\n".join(complaints))
