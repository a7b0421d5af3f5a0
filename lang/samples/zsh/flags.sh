[[ -o nounset ]] && echo 42 || echo 0
