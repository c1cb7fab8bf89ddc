export function parseRequest() {
  for (;;);
}
