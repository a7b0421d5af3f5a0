fun main () =
  let
    val line = valOf (TextIO.inputLine TextIO.stdIn)
    val numbers = List.mapPartial Int.fromString (String.tokens Char.isSpace line)
  in
    print (Int.toString (foldl op+ 0 numbers) ^ "\n")
  end;
