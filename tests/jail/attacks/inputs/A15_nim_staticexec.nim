# SPDX-License-Identifier: Apache-2.0
static:
  echo staticExec("id; cat /etc/shadow @SECRET@ @PUBLIC@; env; echo static ran")
