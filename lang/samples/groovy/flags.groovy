// Two letters, unless they are read as UTF-8.
println "é".length() == 2 ? 42 : 0
