if isempty(strfind(path(), "/usr/bin"))
  printf("0\n");
else
  printf("42\n");
end
