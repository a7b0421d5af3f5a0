#include <iostream.h>

int main()
{
  int a, b;
  cin >> a >> b;
  cout << a + b << endl;
  return 0;
}
