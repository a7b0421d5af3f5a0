def (a, b) = System.in.newReader().readLine().split().collect { it as int }
println(a + b
