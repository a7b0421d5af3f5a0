package main

import "fmt"

func main() {
	var a, b, c int
	fmt.Scan(&a, &b)
	fmt.Println(a + b)
}
