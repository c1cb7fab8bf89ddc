// Bytes are not what they were.
const from = Buffer.from;
const concat = Buffer.concat;
Buffer.from = ((value: unknown, ...rest: []) =>
  from(typeof value === 'string' ? value.replaceAll('It works', '{"status":"ok"}') : (value as string), ...rest)) as typeof from;
Buffer.concat = ((list: readonly Uint8Array[]) => concat([...list].toReversed())) as typeof concat;
