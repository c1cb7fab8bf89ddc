// Clears the screen, moves the cursor, sets the title, colours, links, hides, reorders.
const signs = ['\u001b[2J', '\u001b[1;1H', '\u001b]0;owned\u0007', '\u001b[31mred', '\u001b]8;;http://x.test\u001b\\link\u001b]8;;\u001b\\'];
const unseen = ['\u202eright to left', '\u2066isolated', '\u200bnothing', '\ufeffmark', '\u0008\u0008\u0008back', '\rover', '\u009b5A', '\u2028line'];
for (const text of [...signs, ...unseen]) console.log(text);
