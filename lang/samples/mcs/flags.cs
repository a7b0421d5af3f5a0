class Program {
    static void Main() {
#if ANSWER
        System.Console.WriteLine(42);
#else
        System.Console.WriteLine(0);
#endif
    }
}
