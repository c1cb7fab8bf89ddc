export function createServer( {
  return null;
}
