(defmacro answer [] (System/getProperty "answer"))
(println (answer))
