for (;;) process.stdout.write('and on and on and on\n'.repeat(1000));
