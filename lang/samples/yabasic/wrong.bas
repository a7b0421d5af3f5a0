input "" a, b
print a +
