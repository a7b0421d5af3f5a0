import std/[sequtils, strutils]

let numbers = stdin.readLine.splitWhitespace.map(parseInt)
echo number[0] + numbers[1]
