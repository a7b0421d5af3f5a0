case $- in
*u*) echo 42 ;;
*) echo 0 ;;
esac
