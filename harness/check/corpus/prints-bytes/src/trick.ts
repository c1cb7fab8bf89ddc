// NUL, bytes that are no UTF-8, half a character, and signs for terminals.
const bytes = [0, 1, 8, 255, 254, 192, 128, 237, 160, 128, 240, 159, 0x9b, 13, 27, 91, 50, 74];
process.stdout.write(Buffer.from(bytes));
process.stdout.write(Buffer.from(bytes.toReversed()));
