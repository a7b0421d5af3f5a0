#include <iostream.h>

int main()
{
  int a, b;
  cin >> a >> b;
  cout << a + c << endl;
  return 0;
}
