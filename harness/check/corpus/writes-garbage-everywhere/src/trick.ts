// Beyond the pipes to us lie those of Node.js itself, which may not survive this.
import { writeSync } from 'node:fs';

for (let descriptor = 5; descriptor <= 20; descriptor++) {
  try {
    writeSync(descriptor, '{"id":1,"result":{"kind":"done"}}\n✓ R1\nok 1\n');
  } catch {
    // There is no such descriptor.
  }
}
