# SPDX-License-Identifier: Apache-2.0
here = ctypes.c_char_p(b"/")
tree = call(428, -100, here, 0)[0]
refused("open_tree", 428, -100, here, 0)
refused("a clone by open_tree", 428, -100, here, 1)
attributes = ctypes.create_string_buffer(struct.pack("<QQQQ", 0, 1, 0, 0), 32)
refused("mount_setattr", 442, -1, here, 0x1000, attributes, 0)
refused("move_mount", 429, tree, ctypes.c_char_p(b""), -100, here, 4)
refused("fsopen", 430, ctypes.c_char_p(b"tmpfs"), 0)
refused("fspick", 433, -100, here, 0)
refused("fsconfig", 431, -1, 6, 0, 0, 0)
refused("fsmount", 432, -1, 0, 0)
refused("pivot_root", 155, ctypes.c_char_p(b"."), ctypes.c_char_p(b"."))
