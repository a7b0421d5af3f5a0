const std = @import("std");

pub fn main() !void {
    var buffer: [100]u8 = undefined;
    const length = try std.io.getStdIn().read(&buffer);
    var sum: u32 = 0;
    var number: u32 = 0;
    for (buffer[0..length]) |character| {
        if (character >= '0' and character <= '9') {
            number = number * 10 + (character - '0');
        } else {
            sum += number;
            number = 0;
        }
    }
    try std.io.getStdOut().writer().print("{d}\n", .{sum + nmber});
}
