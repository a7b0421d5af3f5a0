# Adds two digits: as many letters as the first and the second say, then as many digits.
s/$/ /
:digits
s/9/8x/
s/8/7x/
s/7/6x/
s/6/5x/
s/5/4x/
s/4/3x/
s/3/2x/
s/2/1x/
s/1/0x/
tdigits
s/[0 ]//g
s/xxxxxxxxx/9/
s/xxxxxxxx/8/
s/xxxxxxx/7/
s/xxxxxx/6/
s/xxxxx/5/
s/xxxx/4/
s/xxx/3/
s/xx/2/
s/x/1
