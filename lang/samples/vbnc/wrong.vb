Module Program
    Sub Main()
        Dim words As String() = System.Console.ReadLine().Split(" "c)
        System.Console.WriteLine(Integer.Parse(words(0)) + Integer.Parse(word(1)))
    End Sub
End Module
