main :: IO ()
main = interact (\text -> sum (map read (words text) :: [Int]))
