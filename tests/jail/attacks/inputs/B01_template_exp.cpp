// SPDX-License-Identifier: Apache-2.0
template<int N,int M> struct T{ enum{v=T<N-1,M*2>::v+T<N-1,M*2+1>::v}; };
template<int M> struct T<0,M>{ enum{v=1}; };
int main(){ return T<40,1>::v; }
