using System;

class Program {
    static void Main() {
        string[] words = Console.ReadLine().Split(' ');
        Console.WriteLine(int.Parse(word[0]) + int.Parse(words[1]));
    }
}
