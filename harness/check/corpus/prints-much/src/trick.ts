process.stdout.write('x'.repeat(64 * 1024 * 1024));
