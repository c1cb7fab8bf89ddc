import { main } from '../harness/cli/main.ts';
import { root } from '../harness/cli/root.ts';
import { doctorCommand } from '../harness/cli/doctor.ts';

await main(doctorCommand, root);
