import { place } from './place.ts';

try {
  process.kill(place.victim, 'SIGKILL');
} catch (error) {
  console.log((error as { code?: string }).code);
}
