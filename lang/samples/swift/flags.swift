#if ANSWER
print(42)
#else
print(0)
#endif
