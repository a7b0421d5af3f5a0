Module Program
    Sub Main()
#If ANSWER Then
        System.Console.WriteLine(42)
#Else
        System.Console.WriteLine(0)
#End If
    End Sub
End Module
