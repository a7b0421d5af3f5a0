when defined(answer):
  echo 42
else:
  echo 0
