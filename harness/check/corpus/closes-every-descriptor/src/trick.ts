import { closeSync } from 'node:fs';

for (let descriptor = 0; descriptor <= 100; descriptor++) {
  try {
    closeSync(descriptor);
  } catch {
    // There is none.
  }
}
