import { place } from './place.ts';

await fetch(`http://127.0.0.1:${place.tcp}/`, {
  method: 'POST',
  body: place.token,
  signal: AbortSignal.timeout(500),
}).catch((error: { cause?: { code?: string } }) => console.log(error.cause?.code));
