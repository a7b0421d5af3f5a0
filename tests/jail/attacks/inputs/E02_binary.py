# SPDX-License-Identifier: Apache-2.0
os.write(1, b"\x00\xff\xfe\x80" + bytes(range(256)) * 16 + b"\n")
os.write(2, b"\xf0\x28\x8c\x28 \xed\xa0\x80 \xef\xbf\xbe \xe2\x80\xae evil\n")
