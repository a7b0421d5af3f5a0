if read -d " " a b
math $a + $b
