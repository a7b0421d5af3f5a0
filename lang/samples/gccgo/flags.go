package main

import "fmt"

var answer = "0"

func main() {
	fmt.Println(answer)
}
