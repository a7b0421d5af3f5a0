# SPDX-License-Identifier: Apache-2.0
BEGIN {
    system("id");
    print((-e $_) ? "VULN:$_\n" : "SAFE:$_\n") for "/etc/shadow", "@SECRET@", "@PUBLIC@";
}
print "hi\n";
