// Looks at every descriptor, reads what can be read without waiting, and serves well.
import { fstatSync, readSync } from 'node:fs';

for (let descriptor = 5; descriptor <= 200; descriptor++) {
  try {
    if (fstatSync(descriptor).isFile()) console.log('an open file:', readSync(descriptor, Buffer.alloc(100), 0, 100, 0));
  } catch {
    // There is none.
  }
}
