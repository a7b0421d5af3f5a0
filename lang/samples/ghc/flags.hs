#ifndef ANSWER
#define ANSWER 0
#endif

main :: IO ()
main = print (ANSWER :: Int)
