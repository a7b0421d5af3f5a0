pad 40 stdin read-line throw drop pad swap evaluate + . cr
