throw Promise.resolve('a server, some day');
