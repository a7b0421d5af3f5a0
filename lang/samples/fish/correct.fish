read -d " " a b
math $a + $b
