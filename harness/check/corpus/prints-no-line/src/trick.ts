for (let i = 0; i < 2000; i++) process.stderr.write('no end of line in sight '.repeat(100));
