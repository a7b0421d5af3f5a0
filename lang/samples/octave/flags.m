if confirm_recursive_rmdir()
  printf("0\n");
else
  printf("42\n");
end
