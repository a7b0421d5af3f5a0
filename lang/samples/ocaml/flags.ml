let x = ref 42

let () =
  assert (x := 0; true);
  Printf.printf "%d\n" !x
