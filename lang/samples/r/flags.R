cat(if ("package:stats" %in% search()) 0 else 42, "\n", sep = "")
