// SPDX-License-Identifier: Apache-2.0
// What costs a compiler time and memory: all of the library, tables made while compiling, deep recursion of templates,
// expression trees that are types, a parser of combinators, visitors of many alternatives.
#include <bits/stdc++.h>

using namespace std;

// --- a table of primes, and numbers modulo a prime, known before the program runs

constexpr size_t kSieve = 60000;

constexpr array<bool, kSieve> make_sieve() {
  array<bool, kSieve> composite{};
  for (size_t i = 2; i * i < kSieve; ++i) {
    if (composite[i]) continue;
    for (size_t j = i * i; j < kSieve; j += i) composite[j] = true;
  }
  return composite;
}
constexpr auto kComposite = make_sieve();

constexpr size_t count_primes(size_t below) {
  size_t count = 0;
  for (size_t i = 2; i < below; ++i) count += kComposite[i] ? 0 : 1;
  return count;
}
static_assert(count_primes(10000) == 1229);

template <uint64_t M>
struct Mod {
  uint64_t value = 0;
  constexpr Mod() = default;
  constexpr Mod(uint64_t v) : value(v % M) {}
  constexpr Mod operator+(Mod o) const { return Mod(value + o.value); }
  constexpr Mod operator*(Mod o) const { return Mod(value * o.value); }
  constexpr Mod power(uint64_t n) const {
    Mod base = *this, result = 1;
    for (; n != 0; n >>= 1, base = base * base) {
      if (n & 1) result = result * base;
    }
    return result;
  }
};
using Number = Mod<998244353>;

template <size_t R, size_t C>
struct Matrix {
  array<array<Number, C>, R> cells{};
  template <size_t D>
  constexpr Matrix<R, D> operator*(const Matrix<C, D>& o) const {
    Matrix<R, D> result;
    for (size_t i = 0; i < R; ++i) {
      for (size_t j = 0; j < D; ++j) {
        for (size_t k = 0; k < C; ++k) result.cells[i][j] = result.cells[i][j] + cells[i][k] * o.cells[k][j];
      }
    }
    return result;
  }
};

// --- recursion of templates

template <size_t N>
struct Fibonacci : integral_constant<uint64_t, (Fibonacci<N - 1>::value + Fibonacci<N - 2>::value) % 1000000007> {};
template <>
struct Fibonacci<0> : integral_constant<uint64_t, 0> {};
template <>
struct Fibonacci<1> : integral_constant<uint64_t, 1> {};
static_assert(Fibonacci<90>::value == 2880067194370816120 % 1000000007);
// Deep, but below the 900 that compilers allow.
constexpr uint64_t kDeep = Fibonacci<850>::value;

template <size_t... I>
constexpr auto squares(index_sequence<I...>) {
  return make_tuple(integral_constant<size_t, I * I>{}...);
}

template <typename Tuple, size_t... I>
size_t add_up(const Tuple& tuple, index_sequence<I...>) {
  return (size_t{0} + ... + get<I>(tuple)());
}

// --- expressions that are types

template <typename E>
struct Expression {
  const E& self() const { return static_cast<const E&>(*this); }
};
struct Column : Expression<Column> {
  vector<double> values;
  explicit Column(vector<double> v) : values(move(v)) {}
  double at(size_t i) const { return values[i]; }
};
template <typename A, typename B, typename F>
struct Binary : Expression<Binary<A, B, F>> {
  const A a;
  const B b;
  Binary(const A& x, const B& y) : a(x), b(y) {}
  double at(size_t i) const { return F{}(a.at(i), b.at(i)); }
};
template <typename A, typename B>
auto operator+(const Expression<A>& a, const Expression<B>& b) {
  return Binary<A, B, plus<>>(a.self(), b.self());
}
template <typename A, typename B>
auto operator*(const Expression<A>& a, const Expression<B>& b) {
  return Binary<A, B, multiplies<>>(a.self(), b.self());
}

// --- a parser of combinators

template <typename T>
using Parsed = optional<pair<T, string_view>>;

auto symbol(char wanted) {
  return [wanted](string_view text) -> Parsed<char> {
    if (text.empty() || text[0] != wanted) return nullopt;
    return pair{wanted, text.substr(1)};
  };
}
template <typename P, typename F>
auto map_to(P p, F f) {
  return [=](string_view text) -> Parsed<decltype(f(p(text)->first))> {
    auto parsed = p(text);
    if (!parsed) return nullopt;
    return pair{f(parsed->first), parsed->second};
  };
}
template <typename P, typename Q>
auto either(P p, Q q) {
  return [=](string_view text) {
    auto parsed = p(text);
    return parsed ? parsed : q(text);
  };
}
template <typename P, typename Q>
auto both(P p, Q q) {
  return [=](string_view text) -> Parsed<pair<decltype(p(text)->first), decltype(q(text)->first)>> {
    auto first = p(text);
    if (!first) return nullopt;
    auto second = q(first->second);
    if (!second) return nullopt;
    return pair{pair{first->first, second->first}, second->second};
  };
}
auto digit() {
  auto one = [](char c) { return map_to(symbol(c), [](char found) { return found - '0'; }); };
  return either(one('0'), either(one('1'), either(one('2'), either(one('3'), either(one('4'), either(one('5'),
         either(one('6'), either(one('7'), either(one('8'), one('9'))))))))));
}

// --- visitors

template <size_t N>
struct Kind {
  size_t weight = N;
};
template <size_t... I>
auto variant_of(index_sequence<I...>) -> variant<Kind<I>...>;
using Any = decltype(variant_of(make_index_sequence<10>{}));

template <size_t... I>
vector<Any> one_of_each(index_sequence<I...>) {
  return {Any{Kind<I>{}}...};
}

int main() {
  Matrix<8, 8> m;
  for (size_t i = 0; i < 8; ++i) m.cells[i][(i + 1) % 8] = m.cells[i][i] = i + 1;
  auto product = m * m * m;
  uint64_t trace = 0;
  for (size_t i = 0; i < 8; ++i) trace += product.cells[i][i].value;

  constexpr auto indices = make_index_sequence<160>{};
  const size_t sum = add_up(squares(indices), indices);

  Column a(vector<double>(100, 2)), b(vector<double>(100, 3));
  const double element = (a + b * a + b * b + (a + b) * (a * b + a)).at(50);

  auto three = both(digit(), both(digit(), digit()))("472x");
  const int number = three->first.first * 100 + three->first.second.first * 10 + three->first.second.second;

  size_t weight = 0;
  const auto each = one_of_each(make_index_sequence<10>{});
  for (const Any& x : each) {
    for (const Any& y : each) weight += visit([](auto p, auto q) { return p.weight * (q.weight + 1); }, x, y);
  }

  map<string, unordered_map<int, set<pair<string, vector<int>>>>> nested;
  for (int i = 0; i < 100; ++i) nested[to_string(i % 10)][i % 7].insert({to_string(i), {i, i + 1}});
  regex words("([a-z]+)-([0-9]+)");
  smatch match;
  const string text = "foo-42";
  const bool found = regex_match(text, match, words);
  vector<int> order(50);
  iota(order.begin(), order.end(), 0);
  shuffle(order.begin(), order.end(), mt19937(1));
  sort(order.begin(), order.end(), [](int x, int y) { return tuple(x % 5, x) < tuple(y % 5, y); });

  cout << count_primes(kSieve) << ' ' << Number(3).power(1000).value << ' ' << trace << ' ' << sum << ' ' << element << ' '
       << number << ' ' << weight << ' ' << nested.size() << ' ' << found << match[2] << ' ' << order[10] << ' ' << (kDeep != 0) << '\n';
}
