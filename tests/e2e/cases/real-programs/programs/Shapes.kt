// SPDX-License-Identifier: Apache-2.0
// Sealed classes, generics with reified types, extensions, sequences, delegates, operators, inline functions.
import java.util.PriorityQueue
import kotlin.properties.Delegates
import kotlin.reflect.KProperty

sealed class Shape {
    abstract val area: Double
    data class Circle(val radius: Double) : Shape() { override val area get() = Math.PI * radius * radius }
    data class Box(val width: Double, val height: Double) : Shape() { override val area get() = width * height }
    object Nothing : Shape() { override val area = 0.0 }
}

fun describe(shape: Shape): String = when (shape) {
    is Shape.Circle -> "circle ${shape.radius}"
    is Shape.Box -> "box ${shape.width}x${shape.height}"
    Shape.Nothing -> "nothing"
}

data class Vector(val x: Long, val y: Long) : Comparable<Vector> {
    operator fun plus(o: Vector) = Vector(x + o.x, y + o.y)
    operator fun times(k: Long) = Vector(x * k, y * k)
    infix fun cross(o: Vector) = x * o.y - y * o.x
    override fun compareTo(other: Vector) = compareValuesBy(this, other, Vector::x, Vector::y)
}

class Counted<T>(private var value: T) {
    var reads = 0
        private set
    operator fun getValue(owner: Any?, property: KProperty<*>): T { ++reads; return value }
    operator fun setValue(owner: Any?, property: KProperty<*>, new: T) { value = new }
}

inline fun <reified T> Iterable<*>.only(): List<T> = filter { it is T }.map { it as T }

class Graph(private val size: Int) {
    private val edges = Array(size) { mutableListOf<Pair<Int, Int>>() }
    fun connect(a: Int, b: Int, weight: Int) { edges[a].add(b to weight); edges[b].add(a to weight) }
    fun distances(from: Int): IntArray {
        val best = IntArray(size) { Int.MAX_VALUE }
        val queue = PriorityQueue<Pair<Int, Int>>(compareBy { it.second })
        best[from] = 0
        queue.add(from to 0)
        while (queue.isNotEmpty()) {
            val (vertex, distance) = queue.poll()
            if (distance > best[vertex]) continue
            for ((next, weight) in edges[vertex]) {
                val candidate = distance + weight
                if (candidate < best[next]) {
                    best[next] = candidate
                    queue.add(next to candidate)
                }
            }
        }
        return best
    }
}

class Tokens(private val text: String) {
    private var at = 0
    private fun peek() = text.drop(at).firstOrNull { !it.isWhitespace() }
    private fun take(): Char { while (text[at].isWhitespace()) ++at; return text[at++] }
    fun sum(): Int { var value = product(); while (peek() == '+') { take(); value += product() }; return value }
    private fun product(): Int { var value = atom(); while (peek() == '*') { take(); value *= atom() }; return value }
    private fun atom(): Int {
        val first = take()
        if (first == '(') return sum().also { take() }
        var value = first - '0'
        while (peek()?.isDigit() == true) value = value * 10 + (take() - '0')
        return value
    }
}

tailrec fun gcd(a: Long, b: Long): Long = if (b == 0L) a else gcd(b, a % b)

fun primes() = generateSequence(2) { it + 1 }.filter { n -> (2..n).takeWhile { it * it <= n }.none { n % it == 0 } }

fun main(args: Array<String>) {
    val shapes = listOf(Shape.Circle(1.0), Shape.Box(2.0, 3.0), Shape.Nothing, Shape.Box(1.0, 1.0))
    println(shapes.joinToString { describe(it) })
    println("%.2f".format(shapes.sumByDouble { it.area }))
    println(shapes.only<Shape.Box>().size)
    val vectors = (1L..20).map { Vector(it * 7 % 11, it * 5 % 13) }
    println(vectors.max().toString() + " " + vectors.fold(Vector(0, 0)) { a, b -> a + b * 2 } + " " + (vectors[1] cross vectors[2]))
    var counted by Counted(5)
    counted = counted + 1  // += is more than Kotlin 1.3 can do with a local delegate
    var changes = 0
    var observed: String by Delegates.observable("") { _, _, _ -> ++changes }
    observed = "a"; observed = "b"
    println("$counted $changes $observed")
    val graph = Graph(50)
    for (i in 0 until 50) { graph.connect(i, (i * 3 + 1) % 50, i % 7 + 1); graph.connect(i, (i + 1) % 50, 9) }
    println(graph.distances(0).sum())
    println(Tokens("2 * (3 + 4) + 10").sum())
    println(primes().take(10).groupBy { it % 4 }.toSortedMap().mapValues { it.value.sum() })
    println(gcd(1071, 462))
    val text = "the quick brown fox jumps over the lazy dog the end"
    println(text.split(" ").groupingBy { it }.eachCount().filterValues { it > 1 })
}
