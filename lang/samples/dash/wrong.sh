if read -r a b; then
echo $((a + b))
