// SPDX-License-Identifier: Apache-2.0
template<class T,int N> struct X{ X<X<T,N-1>,N-1> a; typename T::nope b; };
template<class T> struct X<T,0>{ typename T::nope q; };
X<int,18> x; int main(){}
