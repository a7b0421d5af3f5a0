// SPDX-License-Identifier: Apache-2.0
package main

import _ "embed"

//go:embed @PUBLIC@
var s string

func main() { print(s) }
