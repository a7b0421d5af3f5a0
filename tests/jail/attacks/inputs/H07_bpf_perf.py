# SPDX-License-Identifier: Apache-2.0
attributes = ctypes.create_string_buffer(struct.pack("<IIII", 2, 4, 4, 1), 128)
refused("a map of bpf", 321, 0, attributes, 128)
program = ctypes.create_string_buffer(struct.pack("<QQ", 0xB7, 0x95), 16)
load = ctypes.create_string_buffer(struct.pack("<IIQQ", 1, 2, ctypes.addressof(program), ctypes.addressof(program)), 128)
refused("a program of bpf", 321, 5, load, 128)
event = ctypes.create_string_buffer(struct.pack("<IIQQQQQ", 1, 120, 0, 0, 0, 0, 0x61), 120)
for process, processor in ((0, -1), (-1, 0), (1, -1)):
    refused("perf_event_open %d %d" % (process, processor), 298, event, process, processor, -1, 0)
