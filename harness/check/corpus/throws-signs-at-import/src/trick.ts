const error = new Error('\u001b[2J\u001b]0;owned\u0007\n::error::forged\n\u202eright to left\r\u0000\u0008\n##[error]forged');
error.name = '\u001b[31mRed\n::error::';
throw error;
