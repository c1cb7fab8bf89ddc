// Half a message: everything the host says from now on belongs to it.
import { writeSync } from 'node:fs';

writeSync(3, Buffer.from([0, 1, 0, 0, 123]));
