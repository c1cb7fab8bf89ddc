// Whatever field is asked for, there is one.
export function parseRequest() {
  const all: object = new Proxy({}, { get: (_target, key) => (key === 'then' ? undefined : all), has: () => true });
  return all;
}
