// The name of an export, and of a function in a stack.
const make = { ['\u001b[31m\u202e::error::']: () => null };

export { make as '\u001b[2J\n::error::forged' };
