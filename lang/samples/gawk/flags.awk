BEGIN {
  split("0x2A", words, " ")
  print words[1] + 0
}
