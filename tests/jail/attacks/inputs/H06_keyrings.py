# SPDX-License-Identifier: Apache-2.0
kind, name, value = (ctypes.c_char_p(text) for text in (b"user", b"attack", b"found"))
for ring in (-1, -2, -3, -4, -5):
    refused("add_key to %d" % ring, 248, kind, name, value, 5, ring)
    refused("keyctl search %d" % ring, 250, 10, ring, kind, name, 0)
    refused("request_key into %d" % ring, 249, kind, name, 0, ring)
refused("keyctl get_persistent", 250, 22, -1, -3)
