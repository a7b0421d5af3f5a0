-- SPDX-License-Identifier: Apache-2.0
-- A small language of commands over a graph: a parser, a state, type classes, unboxed arrays and the containers that
-- real solutions use.
{-# LANGUAGE BangPatterns, FlexibleContexts, GeneralizedNewtypeDeriving, LambdaCase, ScopedTypeVariables #-}
module Main (main) where

import Control.Monad
import Control.Monad.ST
import Control.Monad.State.Strict
import Data.Array.ST
import Data.Array.Unboxed
import Data.Bits
import Data.Char
import Data.IORef
import Data.List (foldl', intercalate, sortBy, unfoldr)
import qualified Data.Map.Strict as Map
import Data.Maybe
import Data.Ord (comparing)
import qualified Data.IntMap.Strict as IntMap
import qualified Data.Sequence as Seq
import Data.Sequence (Seq, ViewL (..), (|>))
import qualified Data.Set as Set
import Text.Printf

-- Graphs

type Vertex = Int
newtype Weight = Weight Int deriving (Eq, Ord, Num, Show, Enum, Real, Integral)

type Graph = IntMap.IntMap [(Vertex, Weight)]

addEdge :: Vertex -> Vertex -> Weight -> Graph -> Graph
addEdge a b w = IntMap.insertWith (++) b [(a, w)] . IntMap.insertWith (++) a [(b, w)]

dijkstra :: Graph -> Vertex -> IntMap.IntMap Weight
dijkstra graph start = go (Set.singleton (0, start)) (IntMap.singleton start 0)
  where
    go !queue !best = case Set.minView queue of
      Nothing -> best
      Just ((d, v), rest)
        | d > IntMap.findWithDefault d v best -> go rest best
        | otherwise -> uncurry go (foldl' relax (rest, best) (IntMap.findWithDefault [] v graph))
        where
          relax (q, b) (u, w)
            | maybe True (> d + w) (IntMap.lookup u b) = (Set.insert (d + w, u) q, IntMap.insert u (d + w) b)
            | otherwise = (q, b)

breadthFirst :: Graph -> Vertex -> [Vertex]
breadthFirst graph start = walk (Seq.singleton start) (Set.singleton start)
  where
    walk queue seen = case Seq.viewl queue of
      EmptyL -> []
      v :< rest ->
        let next = Set.toList (Set.fromList [u | (u, _) <- IntMap.findWithDefault [] v graph] `Set.difference` seen)
            seen' = foldr Set.insert seen next
         in v : walk (foldl' (|>) rest next) seen'

-- A sieve in ST

primes :: Int -> [Int]
primes n = [i | (i, True) <- assocs sieve]
  where
    sieve :: UArray Int Bool
    sieve = runSTUArray $ do
      marks <- newArray (2, n) True
      forM_ (takeWhile (\i -> i * i <= n) [2 ..]) $ \i -> do
        isPrime <- readArray marks i
        when isPrime $ forM_ [i * i, i * i + i .. n] $ \j -> writeArray marks j False
      return marks

-- Expressions

data Expr = Number Integer | Name String | Op Char Expr Expr | Let String Expr Expr
  deriving (Eq, Show)

newtype Parser a = Parser {runParser :: String -> Maybe (a, String)}

instance Functor Parser where fmap = liftM
instance Applicative Parser where pure x = Parser (\s -> Just (x, s)); (<*>) = ap
instance Monad Parser where p >>= f = Parser (runParser p >=> \(x, s) -> runParser (f x) s)

orElse :: Parser a -> Parser a -> Parser a
orElse p q = Parser (\s -> maybe (runParser q s) Just (runParser p s))

satisfy :: (Char -> Bool) -> Parser Char
satisfy ok = Parser (\case (c : cs) | ok c -> Just (c, cs); _ -> Nothing)

many1 :: Parser a -> Parser [a]
many1 p = do x <- p; xs <- many1 p `orElse` return []; return (x : xs)

token :: String -> Parser String
token word = mapM (satisfy . (==)) word <* spaces

spaces :: Parser ()
spaces = void (many1 (satisfy isSpace)) `orElse` return ()

expression, term, factor :: Parser Expr
expression = term >>= chain "+-" term
term = factor >>= chain "*" factor
factor = number `orElse` binding `orElse` name `orElse` (token "(" *> expression <* token ")")
  where
    number = Number . read <$> many1 (satisfy isDigit) <* spaces
    name = Name <$> many1 (satisfy isAlpha) <* spaces
    binding = do
      _ <- token "let "
      Name x <- name'
      value <- token "=" *> expression
      Let x value <$> (token "in " *> expression)
    name' = Name <$> many1 (satisfy isAlpha) <* spaces

instance MonadFail Parser where fail _ = Parser (const Nothing)

chain :: String -> Parser Expr -> Expr -> Parser Expr
chain operators operand left = more `orElse` return left
  where
    more = do
      op <- satisfy (`elem` operators) <* spaces
      right <- operand
      chain operators operand (Op op left right)

evaluate :: Expr -> State (Map.Map String Integer) (Maybe Integer)
evaluate = \case
  Number n -> return (Just n)
  Name x -> gets (Map.lookup x)
  Let x value body -> do
    v <- evaluate value
    old <- get
    maybe (return ()) (modify' . Map.insert x) v
    result <- evaluate body
    put old
    return result
  Op op a b -> liftM2 (apply op) <$> evaluate a <*> evaluate b
  where
    apply '+' = (+)
    apply '-' = (-)
    apply _ = (*)

main :: IO ()
main = do
  let edges = [(i, (i * 7 + s) `mod` 200, Weight (popCount i + i `xor` 5)) | i <- [0 .. 400], s <- [1, 3]]
      graph = foldl' (\g (a, b, w) -> addEdge (a `mod` 200) b w g) IntMap.empty edges
      distances = dijkstra graph 0
      order = breadthFirst graph 0
      value = runParser (spaces *> expression) "let x = 6 in x * (x + 1)" >>= \(e, _) -> evalState (evaluate e) Map.empty
  counter <- newIORef (0 :: Int)
  forM_ (primes 1000) $ \p -> modifyIORef' counter (+ p)
  total <- readIORef counter
  let digits = unfoldr (\n -> if n == 0 then Nothing else Just (n `mod` 10, n `div` 10)) total
      sorted = sortBy (comparing negate) digits
  printf "%d %d %d %s %s\n" (IntMap.size distances) (length order) total (intercalate "," (map show sorted)) (maybe "?" show value)
