import answers

echo answer()
