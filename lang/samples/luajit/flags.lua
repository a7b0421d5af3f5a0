print(answer or 0)
