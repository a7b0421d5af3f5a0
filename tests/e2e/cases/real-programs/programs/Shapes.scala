// SPDX-License-Identifier: Apache-2.0
// Case classes, implicits, type classes, for comprehensions, pattern matching, collections, a parser.
import scala.annotation.tailrec
import scala.collection.immutable.{Queue, TreeMap}
import scala.collection.mutable
import scala.util.{Failure, Success, Try}

sealed trait Expr
case class Num(value: BigInt) extends Expr
case class Var(name: String) extends Expr
case class Bin(op: Char, left: Expr, right: Expr) extends Expr

trait Monoid[T] {
  def zero: T
  def plus(a: T, b: T): T
}

object Monoid {
  implicit val ints: Monoid[Int] = new Monoid[Int] { def zero = 0; def plus(a: Int, b: Int) = a + b }
  implicit val strings: Monoid[String] = new Monoid[String] { def zero = ""; def plus(a: String, b: String) = a + b }
  implicit def pairs[A, B](implicit a: Monoid[A], b: Monoid[B]): Monoid[(A, B)] = new Monoid[(A, B)] {
    def zero = (a.zero, b.zero)
    def plus(x: (A, B), y: (A, B)) = (a.plus(x._1, y._1), b.plus(x._2, y._2))
  }
  implicit def maps[K, V](implicit v: Monoid[V]): Monoid[Map[K, V]] = new Monoid[Map[K, V]] {
    def zero = Map.empty
    def plus(x: Map[K, V], y: Map[K, V]) =
      y.foldLeft(x) { case (m, (k, value)) => m.updated(k, v.plus(m.getOrElse(k, v.zero), value)) }
  }
  def sum[T](values: Seq[T])(implicit m: Monoid[T]): T = values.foldLeft(m.zero)(m.plus)
}

class Parser(text: String) {
  private val tokens = "[0-9]+|[a-z]+|[-+*()]".r.findAllIn(text).toBuffer
  private def take(): String = tokens.remove(0)
  private def next: Option[String] = tokens.headOption

  @tailrec private def chain(left: Expr, ops: Set[String], operand: () => Expr): Expr = next match {
    case Some(op) if ops(op) => take(); chain(Bin(op.head, left, operand()), ops, operand)
    case _ => left
  }
  def sum(): Expr = chain(product(), Set("+", "-"), () => product())
  private def product(): Expr = chain(atom(), Set("*"), () => atom())
  private def atom(): Expr = take() match {
    case "(" => val inner = sum(); take(); inner
    case number if number.head.isDigit => Num(BigInt(number))
    case name => Var(name)
  }
}

object Evaluate {
  def apply(e: Expr)(implicit env: Map[String, BigInt]): Try[BigInt] = e match {
    case Num(value) => Success(value)
    case Var(name) => env.get(name).map(Success(_)).getOrElse(Failure(new NoSuchElementException(name)))
    case Bin(op, l, r) =>
      for { a <- apply(l); b <- apply(r) } yield op match {
        case '+' => a + b
        case '-' => a - b
        case '*' => a * b
      }
  }
}

object Graphs {
  type Graph = Map[Int, List[Int]]
  def breadthFirst(graph: Graph, start: Int): Map[Int, Int] = {
    @tailrec def go(queue: Queue[Int], seen: Map[Int, Int]): Map[Int, Int] = queue.dequeueOption match {
      case None => seen
      case Some((v, rest)) =>
        val fresh = graph.getOrElse(v, Nil).distinct.filterNot(seen.contains)
        go(rest.enqueue(fresh), seen ++ fresh.map(_ -> (seen(v) + 1)))
    }
    go(Queue(start), Map(start -> 0))
  }
}

class Cache[K, V](limit: Int)(compute: K => V) {
  private val values = mutable.LinkedHashMap.empty[K, V]
  var misses = 0
  def apply(key: K): V = values.getOrElseUpdate(key, {
    misses += 1
    if (values.size >= limit) values -= values.head._1
    compute(key)
  })
}

object Main extends App {
  implicit val env: Map[String, BigInt] = Map("x" -> BigInt(6))
  val results = List("x * (x + 1)", "2 * y", "10 - 3 - 2").map(new Parser(_).sum()).map(Evaluate(_))
  println(results.map { case Success(v) => v.toString; case Failure(e) => "no " + e.getMessage }.mkString(", "))
  println(Monoid.sum(Seq((1, "a"), (2, "b"), (3, "c"))))
  val words = "the quick brown fox jumps over the lazy dog the end".split(" ").toSeq
  println(TreeMap(Monoid.sum(words.map(w => Map(w.length -> 1))).toSeq: _*))
  val graph: Graphs.Graph = (0 until 60).map(i => i -> List((i * 3 + 1) % 60, (i + 7) % 60)).toMap
  println(Graphs.breadthFirst(graph, 0).values.groupBy(identity).mapValues(_.size).toSeq.sorted.mkString(" "))
  lazy val primes: Stream[Int] = 2 #:: Stream.from(3).filter(n => primes.takeWhile(p => p * p <= n).forall(n % _ != 0))
  println(primes.take(12).toList.partition(_ % 4 == 1))
  val cache = new Cache[Int, BigInt](3)(n => (1 to n).map(BigInt(_)).product)
  println(Seq(5, 6, 5, 7, 8, 5, 20).map(cache(_)).sum.toString + " " + cache.misses)
}
